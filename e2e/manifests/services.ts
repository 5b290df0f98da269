import { readConfig, TRACING_VARIABLES } from '@linkerd-scenario/service-kit'
import { ConsumerSettings } from '../../services/consumer/src/config.ts'
import { ProviderSettings } from '../../services/provider/src/config.ts'
import type { KubeObject } from './kube-object.ts'
import { ManifestSet } from './lint/manifest-set.ts'
import type { Container, Workload } from './lint/model.ts'

/** What the services themselves say about their environment; the manifests have to agree. */
export const services = {
  provider: { schema: ProviderSettings, portVariable: 'PROVIDER_PORT' },
  consumer: { schema: ConsumerSettings, portVariable: 'CONSUMER_PORT' },
} as const

/** What the kubelet asks of each service. */
export const PROBES = {
  startupProbe: { path: '/livez', port: 'admin' },
  livenessProbe: { path: '/livez', port: 'admin' },
  readinessProbe: { path: '/readyz', port: 'admin' },
}

/** A container of one of the services, in the workload that runs it. */
export interface ServiceContainer {
  service: keyof typeof services
  workload: Workload
  container: Container
}

/** The containers of the services among the objects of a build. Throws at a container of neither. */
export function serviceContainers(objects: KubeObject[]): ServiceContainer[] {
  return new ManifestSet(objects).workloads.flatMap((workload) =>
    workload.spec.template.spec.containers.map((container) => {
      const { name } = container
      if (name !== 'provider' && name !== 'consumer') throw new Error(`${name} is no service of this project`)
      return { service: name, workload, container }
    }),
  )
}

/** The variables that the service of a container reads, those of OpenTelemetry among them. */
export function variablesOf({ service }: ServiceContainer): string[] {
  return [...Object.keys(services[service].schema.properties), ...TRACING_VARIABLES]
}

/** The environment that a container starts with, its fields of the pod filled in. */
export function environmentOf({ workload, container }: ServiceContainer): Record<string, string> {
  const labels = workload.spec.template.metadata?.labels ?? {}
  return Object.fromEntries(
    (container.env ?? []).map(({ name, value, valueFrom }) => {
      const [, label = ''] = /^metadata\.labels\['(.+)'\]$/.exec(valueFrom?.fieldRef?.fieldPath ?? '') ?? []
      return [name, value ?? labels[label] ?? '']
    }),
  )
}

/** The configuration that the service reads from that environment. Throws where it would refuse to start. */
export function configurationOf(given: ServiceContainer): Readonly<Record<string, unknown>> {
  return readConfig(services[given.service].schema, environmentOf(given))
}

/** The ports on which the service will listen. */
export function portsOf(given: ServiceContainer): { http: number; admin: number } {
  const configuration = configurationOf(given)
  const http = Number(configuration[services[given.service].portVariable])
  return { http, admin: Number(configuration['ADMIN_PORT'] ?? http + 1) }
}
