import { expect, test } from 'vitest'
import { nameOf } from '../kube-object.ts'
import { ManifestSet } from '../lint/manifest-set.ts'
import type { NetworkPolicy } from '../lint/model.ts'
import {
  configurationOf,
  environmentOf,
  PROBES,
  portsOf,
  type ServiceContainer,
  serviceContainers,
  variablesOf,
} from '../services.ts'
import type { Built } from './built.ts'

// The proxy's ports, DNS and the ports of the control plane.
const NOT_OURS = [4143, 4190, 4191, 53, 8080, 8086, 8090]

const title = ({ workload }: ServiceContainer) => nameOf(workload)

/** Tests that the objects agree with what the services declare: variables, ports, version, probes. */
export function agreement(built: Built): void {
  containersAgree(built)
  servicesAgree(built)
}

/** Each container agrees with its service. */
function containersAgree({ objects }: Built): void {
  const each = (check: (given: ServiceContainer) => void) => serviceContainers(objects()).forEach(check)

  test('has no variable that its service does not read, and none with a value that it refuses', () => {
    each((given) => {
      expect(variablesOf(given), title(given)).toEqual(expect.arrayContaining(Object.keys(environmentOf(given))))
      expect(() => configurationOf(given), title(given)).not.toThrow()
    })
  })

  test('trusts another proxy than that of Linkerd only in pods that Istio has', () => {
    each((given) => {
      if (environmentOf(given)['TRUSTED_PROXY'] === undefined) return
      const { labels = {}, annotations = {} } = given.workload.spec.template.metadata ?? {}
      expect(annotations['linkerd.io/inject'], title(given)).toBe('disabled')
      const isInIstio = labels['sidecar.istio.io/inject'] === 'true' || labels['istio.io/dataplane-mode'] === 'ambient'
      expect(isInIstio, title(given)).toBe(true)
    })
  })

  test('declares the ports on which the services listen', () => {
    each((given) => {
      const declared = (given.container.ports ?? []).map(({ name, containerPort }) => [name, containerPort])
      expect(Object.fromEntries(declared), title(given)).toEqual(portsOf(given))
    })
  })

  test('asks only the admin port, and only what the services answer there', () => {
    each((given) => {
      const { startupProbe, livenessProbe, readinessProbe } = given.container
      const asked = Object.entries({ startupProbe, livenessProbe, readinessProbe }).map(([name, probe]) => [
        name,
        probe?.httpGet,
      ])
      expect(Object.fromEntries(asked), title(given)).toEqual(PROBES)
    })
  })

  test('shows the version that its labels say', () => {
    each((given) => {
      const { metadata, spec } = given.workload
      const version = configurationOf(given)['VERSION']
      const labels = spec.template.metadata?.labels
      expect(labels, title(given)).toMatchObject({ version, 'app.kubernetes.io/version': version })
      expect(spec.selector?.matchLabels, title(given)).toEqual({ app: metadata.labels?.['app'], version })
      expect(labels, title(given)).toMatchObject(spec.selector?.matchLabels ?? {})
    })
  })
}

/** Services, callers and policies agree on ports. */
function servicesAgree({ objects }: Built): void {
  test('leads each Service to the port of the pods behind it', () => {
    const set = new ManifestSet(objects())
    for (const service of set.services) {
      const behind = serviceContainers(set.selected(service.spec.selector, service))
      expect(behind.length, nameOf(service)).toBeGreaterThan(0)
      const ports = behind.map((given) => ({ name: 'http', port: portsOf(given).http, targetPort: 'http' }))
      for (const port of ports) expect(service.spec.ports, nameOf(service)).toMatchObject([port])
    }
  })

  test('points each consumer in the cluster at a Service and its port', () => {
    const set = new ManifestSet(objects())
    for (const given of serviceContainers(objects())) {
      const outside = given.workload.metadata.name === 'consumer-outside'
      if (given.service !== 'consumer' || outside || set.services.length === 0) continue
      const { PROVIDER_HOST, PROVIDER_PORT } = configurationOf(given)
      const provider = set.service(String(PROVIDER_HOST), given.workload)
      expect(provider?.spec.ports, title(given)).toMatchObject([{ port: PROVIDER_PORT }])
    }
  })

  test('opens no port that nobody listens on', () => {
    const listening = serviceContainers(objects()).flatMap((given) => Object.values(portsOf(given)))
    const policies = new ManifestSet(objects()).ofKind<NetworkPolicy>('NetworkPolicy')
    const opened = policies.flatMap(({ spec: { ingress = [], egress = [] } }) => [...ingress, ...egress])
    for (const { port } of opened.flatMap(({ ports = [] }) => ports))
      expect([...NOT_OURS, ...listening]).toContain(port)
  })
}
