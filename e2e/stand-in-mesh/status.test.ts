import { expect, test } from 'vitest'
import type { Applied } from './proxy/policies/policies.ts'
import recorded from './recorded/route-status.json' with { type: 'json' }
import { withStatus } from './status.ts'

const route: Applied = {
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'provider-retry' },
  spec: { parentRefs: [{ ...{ group: '', port: 5000 }, kind: 'Service', name: 'provider-svc' }] },
}
const untimed = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (key, one: unknown) => (key === 'lastTransitionTime' ? undefined : one)))
const statusOf = (object: Applied) => {
  const { status } = withStatus(object, true, 'byhand') as { status?: unknown }
  return status === undefined ? undefined : untimed(status)
}

test('a route has the status of a real one', () => {
  expect(statusOf(route)).toEqual(untimed(recorded))
})

test('a route whose parent is a Server says nothing of its backends', () => {
  const { parents } = statusOf({ ...route, spec: { parentRefs: [{ kind: 'Server', name: 's' }] } }) as {
    parents: { conditions: { type: string }[] }[]
  }
  expect(parents[0]?.conditions.map(({ type }) => type)).toEqual(['Accepted'])
})

test.each(['Server', 'AuthorizationPolicy', 'MeshTLSAuthentication', 'Service'])('a %s has no status', (kind) => {
  expect(statusOf({ apiVersion: 'v1', kind, metadata: { name: 'a' }, spec: {} })).toBeUndefined()
})

test('an object that the controller has not accepted has no status', () => {
  expect(withStatus(route, false, 'byhand')).toBe(route)
})
