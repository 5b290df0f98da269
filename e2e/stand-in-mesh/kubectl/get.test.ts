import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Behaviour } from '../behaviour.ts'
import recorded from '../recorded/service.json' with { type: 'json' }
import { StandInCluster } from '../stand-in-cluster.ts'
import { get } from './get.ts'
import { GOOD_SURROUNDINGS, type Surroundings } from './surroundings.ts'

function cluster(behaviour: Partial<Behaviour> = {}): StandInCluster {
  const made = new StandInCluster(behaviour)
  made.createNamespace('demo', { team: 'a' })
  const { ports, selector } = recorded.spec
  const metadata = { name: 'provider-svc', annotations: recorded.metadata.annotations }
  made.apply('demo', JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata, spec: { ports, selector } }))
  return made
}

function ask(what: string, behaviour: Partial<Behaviour> = {}, which = '', namespace = 'demo'): unknown {
  const { stdout } = get(cluster(behaviour), GOOD_SURROUNDINGS, {
    what,
    which,
    namespace,
    selector: what === 'namespaces' ? 'team=a' : undefined,
  })
  return JSON.parse(stdout)
}

test('a Service looks as the API server stores it', () => {
  expect(ask('services')).toEqual({
    items: [
      expect.objectContaining({ metadata: expect.objectContaining(recorded.metadata) as object, spec: recorded.spec }),
    ],
  })
})

test('several resources are answered together, and of each only what carries the label', () => {
  const asked = (
    selector: string | undefined,
    surroundings: Partial<Surroundings> = {},
    what = 'deployments,services',
  ) => get(cluster(), { ...GOOD_SURROUNDINGS, ...surroundings }, { what, which: '', namespace: 'demo', selector })
  expect(JSON.parse(asked(undefined).stdout)).toMatchObject({ items: [{ kind: 'Service' }] })
  expect(JSON.parse(asked('run=a').stdout)).toEqual({ items: [] })
  expect(JSON.parse(asked('run').stdout)).toEqual({ items: [] })
  expect(asked(undefined, { forbidden: ['list services'] })).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/Forbidden.*services/) as string,
  })
  expect(asked(undefined, { crds: [] }, 'servers.policy.linkerd.io').stderr).toContain('have a resource type "servers"')
})

test.each(['namespace', 'namespaces'])('a default policy of deny and an opaque port are visible: %s', (what) => {
  const asked = JSON.stringify(ask(what, { defaultInboundPolicy: 'deny' }, 'demo'))
  expect(asked).toContain('"config.linkerd.io/default-inbound-policy":"deny"')
  expect(JSON.stringify(ask(what, {}, 'demo'))).not.toContain('default-inbound-policy')
  expect(JSON.stringify(ask('services', { opaque: true }))).toContain('"config.linkerd.io/opaque-ports":"5000"')
})

test('the control plane says in its configuration how the mesh names things', () => {
  const names = { controlPlane: 'mesh', trustDomain: 'mesh.example', clusterDomain: 'c.example', proxyAdminPort: 4999 }
  const { data } = ask('configmap', names, 'linkerd-config', 'mesh') as { data: { values: string } }
  expect(parse(data.values)).toMatchObject({
    clusterDomain: 'c.example',
    identityTrustDomain: 'mesh.example',
    proxy: { ports: { admin: 4999 } },
  })
})
