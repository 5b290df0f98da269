import { expect, test } from 'vitest'
import { fakeNamespace } from '../../testing/fake-namespace.ts'
import { sumOf } from '../expectations/observation.ts'
import { WayLost } from './admin-port.ts'
import { observeProxies } from './observe-proxies.ts'
import type { TestNamespace } from './test-namespace.ts'

const COUNTER = 'inbound_http_authz_allow_total'
const pod = { name: 'provider-v1-a', uid: 'a', proxy: { restarts: 0 } }

/** A namespace whose proxy has counted this many calls at each reading, and then `count.now`. */
function namespaceWith(count: { now: number; arriving: number[] }): TestNamespace {
  const counters = async () => {
    count.now += count.arriving.shift() ?? 0
    return [{ name: COUNTER, labels: {}, value: count.now }]
  }
  return Object.assign(fakeNamespace().namespace, { pods: async () => [pod], counters })
}

test('calls that still arrive after a connection broke do not count in the next attempt', async () => {
  const count = { now: 0, arriving: [] as number[] }
  const lost = [new WayLost('The way broke')]
  const steps = async () => {
    const error = lost.shift()
    if (error !== undefined) {
      count.now += 10
      count.arriving.push(10, 20)
      throw error
    }
    count.now += 40
    return {}
  }
  const { proxies } = await observeProxies(namespaceWith(count), { provider: 'provider-v1' }, steps)
  expect(sumOf(proxies['provider'] ?? [], COUNTER)).toBe(40)
})
