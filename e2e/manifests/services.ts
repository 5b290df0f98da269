import { readConfig, TRACING_VARIABLES } from '@linkerd-scenario/service-kit'
import { ConsumerSettings } from '../../services/consumer/src/config.ts'
import { ProviderSettings } from '../../services/provider/src/config.ts'
import type { KubeObject } from './kube-object.ts'
import { ManifestSet } from './lint/manifest-set.ts'
import type { Container, Workload } from './lint/model.ts'

/** What the services declare about their environment; the manifests must agree. */
export const services = {
  provider: { schema: ProviderSettings, portVariable: 'PROVIDER_PORT' },
  consumer: { schema: ConsumerSettings, portVariable: 'CONSUMER_PORT' },
} as const

/** The kubelet's probes of each service. */
export const PROBES = {
  startupProbe: { path: '/livez', port: 'admin' },
  livenessProbe: { path: '/livez', port: 'admin' },
  readinessProbe: { path: '/readyz', port: 'admin' },
}

/** A container of one of the services, in its workload. */
export interface ServiceContainer {
  service: keyof typeof services
  workload: Workload
  container: Container
}

/** The services' containers among the objects of a build. Throws on a container of neither service. */
export function serviceContainers(objects: KubeObject[]): ServiceContainer[] {
  return new ManifestSet(objects).workloads.flatMap((workload) =>
    workload.spec.template.spec.containers.map((container) => {
      const { name } = container
      if (name !== 'provider' && name !== 'consumer') throw new Error(`${name} is not a service of this project`)
      return { service: name, workload, container }
    }),
  )
}

/** The variables that a container's service reads, including those of OpenTelemetry. */
export function variablesOf({ service }: ServiceContainer): string[] {
  return [...Object.keys(services[service].schema.properties), ...TRACING_VARIABLES]
}

/** The environment that a container starts with, with pod fields filled in. */
export function environmentOf({ workload, container }: ServiceContainer): Record<string, string> {
  const labels = workload.spec.template.metadata?.labels ?? {}
  return Object.fromEntries(
    (container.env ?? []).map(({ name, value, valueFrom }) => {
      const [, label = ''] = /^metadata\.labels\['(.+)'\]$/.exec(valueFrom?.fieldRef?.fieldPath ?? '') ?? []
      return [name, value ?? labels[label] ?? '']
    }),
  )
}

/** The configuration that the service reads from that environment. Throws if it would refuse to start. */
export function configurationOf(given: ServiceContainer): Readonly<Record<string, unknown>> {
  return readConfig(services[given.service].schema, environmentOf(given))
}

/** The ports on which the service will listen. */
export function portsOf(given: ServiceContainer): { http: number; admin: number } {
  const configuration = configurationOf(given)
  const http = Number(configuration[services[given.service].portVariable])
  return { http, admin: Number(configuration['ADMIN_PORT'] ?? http + 1) }
}
