import { expect, test } from 'vitest'
import { acceptance } from './acceptance.ts'
import type { Condition, PolicyObject } from './kubernetes-types.ts'

const condition = (type: string, status = 'True', reason = type): Condition => ({ type, status, reason })
const route = (
  conditions: Condition[],
  controllerName = 'linkerd.io/policy-controller',
  kind = 'Service',
): PolicyObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata: { name: 'split' },
  spec: { parentRefs: [{ kind, name: 'provider-svc' }] },
  status: { parents: [{ controllerName, parentRef: { kind, name: 'provider-svc' }, conditions }] },
})

test('a route of a Service needs to be accepted and its backends resolved', () => {
  expect(acceptance(route([condition('Accepted'), condition('ResolvedRefs')])).holds).toBe(true)
  const unresolved = acceptance(route([condition('Accepted'), condition('ResolvedRefs', 'False', 'BackendNotFound')]))
  expect(unresolved.holds).toBe(false)
  expect(unresolved.seen).toContain('ResolvedRefs is False: BackendNotFound')
  expect(acceptance(route([condition('Accepted')])).holds).toBe(false)
})

test('a route of a Server has only one condition', () => {
  expect(acceptance(route([condition('Accepted')], 'linkerd.io/policy-controller', 'Server')).holds).toBe(true)
})

test('the word of another controller does not count', () => {
  const other = acceptance(route([condition('Accepted'), condition('ResolvedRefs')], 'example.com/gateway'))
  expect(other).toMatchObject({ holds: false, seen: 'its status says nothing' })
})

test('policies have their own conditions', () => {
  const limit = { apiVersion: 'x', kind: 'HTTPLocalRateLimitPolicy', metadata: { name: 'l' } }
  expect(acceptance({ ...limit, status: { conditions: [condition('Accepted')] } }).holds).toBe(true)
  expect(acceptance({ ...limit, status: { conditions: [condition('Accepted', 'False')] } }).holds).toBe(false)
  expect(acceptance(limit).holds).toBe(false)
})
