import { beforeAll, describe, expect, test } from 'vitest'
import { build, hasKubectl, kustomize, MANIFESTS, NO_KUBECTL } from './build.ts'
import { groupOf, type KubeObject } from './kube-object.ts'
import { ManifestSet, podAnnotations } from './lint/manifest-set.ts'
import type { ObjectRef, Selector, Workload } from './lint/model.ts'
import { environmentOf, serviceContainers } from './services.ts'

interface Policy extends KubeObject {
  spec: {
    selector?: Selector
    targetRefs?: ObjectRef[]
    rules: {
      from?: { source: { serviceAccounts: string[] } }[]
      to?: { operation: { ports: string[] } }[]
    }[]
  }
}

const OVERLAYS = {
  'overlays/istio': { label: ['sidecar.istio.io/inject', 'true'], trusted: { consumer: 'envoy', provider: 'envoy' } },
  'overlays/istio-ambient': {
    label: ['istio.io/dataplane-mode', 'ambient'],
    trusted: { consumer: 'none', provider: 'envoy' },
  },
} as const

const labelsOf = ({ spec }: Workload) => spec.template.metadata?.labels ?? {}
const policiesOf = (set: ManifestSet) =>
  set.ofKind<Policy>('AuthorizationPolicy').filter((policy) => groupOf(policy) === 'security.istio.io')

test('the overlays of Istio can be built (without kubectl none is tested)', ({ skip }) => skip(!hasKubectl, NO_KUBECTL))

describe.each(hasKubectl ? Object.entries(OVERLAYS) : [])('%s', (path, { label: [name, value], trusted }) => {
  let set: ManifestSet
  beforeAll(() => {
    set = new ManifestSet(kustomize(`${MANIFESTS}/${path}`))
  }, 60_000)

  test('has both services in the mesh of Istio, and out of that of Linkerd', () => {
    expect(set.workloads).toHaveLength(2)
    for (const workload of set.workloads) {
      expect(labelsOf(workload)).toMatchObject({ [name]: value })
      expect(podAnnotations(workload)).toMatchObject({ 'linkerd.io/inject': 'disabled' })
    }
    expect(JSON.stringify(set.objects)).not.toContain('config.linkerd.io/')
  })

  test('trusts Envoy where nobody but Envoy can write its header', () => {
    const believed = serviceContainers([...set.objects]).map((given) => [
      given.service,
      environmentOf(given)['TRUSTED_PROXY'],
    ])
    expect(Object.fromEntries(believed)).toEqual(trusted)
  })

  test('refuses plaintext to every pod of the services', () => {
    const [mtls, ...more] = set.ofKind<KubeObject & { spec: { selector: Selector; mtls: object } }>(
      'PeerAuthentication',
    )
    expect(more).toEqual([])
    expect(mtls?.spec.mtls).toEqual({ mode: 'STRICT' })
    for (const workload of set.workloads)
      expect(labelsOf(workload)).toMatchObject(mtls?.spec.selector.matchLabels ?? {})
  })

  test('has policies whose targets, accounts and ports exist', () => {
    const accounts = [
      ...set.ofKind('ServiceAccount').map(({ metadata }) => metadata.name),
      // Istio makes an account for each waypoint, under its name.
      ...set.ofKind('Gateway').map(({ metadata }) => metadata.name),
    ]
    const policies = policiesOf(set)
    expect(policies.length).toBeGreaterThan(0)
    for (const { spec } of policies) {
      const selected = spec.selector ? set.selected(spec.selector.matchLabels, policies[0] as Policy) : []
      const targets = (spec.targetRefs ?? []).map((ref) => set.find(ref.kind, ref.name, policies[0] as Policy))
      expect([...selected, ...targets].map((object) => object?.metadata.labels?.['app'])).toEqual(['provider'])
      const from = spec.rules.flatMap((rule) => (rule.from ?? []).flatMap(({ source }) => source.serviceAccounts))
      expect(from).toHaveLength(1)
      expect(accounts).toEqual(expect.arrayContaining(from))
      const ports = spec.rules.flatMap(({ to = [] }) => to.flatMap(({ operation }) => operation.ports))
      if (spec.selector) expect(ports).toEqual(['5000', '5001'])
    }
  })

  test('names the protocol of each port', () => {
    for (const { spec } of set.services)
      expect(spec.ports).toEqual([expect.objectContaining({ name: 'http', appProtocol: 'http' })])
  })
})

test('the waypoint stands before the provider, which lets in nobody else', ({ skip }) => {
  skip(!hasKubectl, NO_KUBECTL)
  const set = new ManifestSet(kustomize(`${MANIFESTS}/overlays/istio-ambient`))
  const waypoint = set.ofKind<KubeObject & { spec: object }>('Gateway')[0]
  const provider = set.services.find(({ metadata }) => metadata.name === 'provider-svc')
  expect(waypoint?.spec).toMatchObject({ gatewayClassName: 'istio-waypoint' })
  expect(waypoint?.metadata.annotations).toEqual({ 'ambient.istio.io/xfcc-include-client-identity': 'true' })
  expect(provider?.metadata.labels?.['istio.io/use-waypoint']).toBe(waypoint?.metadata.name)
  const rules = policiesOf(set).flatMap(({ spec }) => (spec.selector ? spec.rules : []))
  expect(rules.filter(({ to }) => to?.[0]?.operation.ports.includes('5000'))).toMatchObject([
    { from: [{ source: { serviceAccounts: [waypoint?.metadata.name] } }] },
  ])
})

test('composed with the sidecars, the second version of a split is in the mesh too', { timeout: 30_000 }, ({
  skip,
}) => {
  skip(!hasKubectl, NO_KUBECTL)
  for (const feature of ['features/traffic-split', 'features/header-routing']) {
    const objects = build({ resources: ['base'], components: [feature, 'components/istio-sidecar'] })
    const { workloads } = new ManifestSet(objects)
    expect(workloads.map(({ metadata }) => metadata.name)).toContain('provider-v2')
    for (const workload of workloads) expect(labelsOf(workload)).toHaveProperty(['sidecar.istio.io/inject'], 'true')
  }
})
