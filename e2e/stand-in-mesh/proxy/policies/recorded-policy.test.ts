import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { HONEST } from '../../behaviour.ts'
import policy from '../../recorded/outbound-policy.json' with { type: 'json' }
import service from '../../recorded/service.json' with { type: 'json' }
import { DEFAULT_RTT_MS } from '../balancer.ts'
import { breakerOf, PENALTY_SCALE } from './balancing.ts'
import { type Applied, Policies } from './policies.ts'
import { routeTo } from './routes.ts'

// What the policy controller told the consumer's proxy about provider-svc, with the features retries and
// circuit-breaking applied. The stand-in reads the same manifests.
const { routes, failure_accrual } = policy.protocol.Kind.Http1
const manifest = new URL('../../../../k8s/features/retries/route.yaml', import.meta.url)
const applied = parseAllDocuments(await readFile(manifest, 'utf8')).map((document) => document.toJS() as Applied)
const { metadata } = service
const parent: Applied = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'provider-svc', ...metadata } }
const policies = new Policies(() => [...applied, parent], HONEST)

/** GET, as the proxy's API numbers methods. */
const GET = 0

/** The recorded route of a request: of two with the same path, the one that names its method. */
function recordedFor(method: string) {
  const all = routes.flatMap(({ metadata: { Kind }, rules }) =>
    rules.flatMap((rule) =>
      rule.matches.map((match) => ({
        route: Kind.Resource,
        rule,
        method: 'method' in match ? match.method.Type.Registered : undefined,
      })),
    ),
  )
  const wanted = method === 'GET' ? GET : undefined
  const found = all.find((one) => one.method === wanted)
  if (found === undefined) throw new Error(`no recorded route for ${method}`)
  return { ...found, retry: 'retry' in found.rule ? found.rule.retry : undefined }
}

test.each(['GET', 'POST', 'HEAD'])(
  '%s goes by the route of a real mesh, with its backends, its retries and its timeout',
  (method) => {
    const { route, rule, retry } = recordedFor(method)
    const routed = routeTo('provider-svc', { method, path: '/', headers: {} }, policies)
    if (routed === 'not found') throw new Error('no route matches')
    expect(routed.route).toEqual({ group: route.group, kind: route.kind, name: route.name })
    expect(routed.backends).toEqual(
      rule.backends.Kind.RandomAvailable.backends.map(({ backend, weight }) => ({
        name: backend.backend.metadata.Kind.Resource.name,
        weight,
      })),
    )
    expect(routed.timeoutMs).toBeUndefined()
    expect(rule.timeouts).toEqual({})
    expect(routed.retry?.limit).toBe(retry?.max_retries)
    const ranges = retry?.conditions.status_ranges ?? []
    for (let status = 100; status < 600; status += 1) {
      const isRepeated = ranges.some(({ start, end }) => status >= start && status <= end)
      expect(routed.retry?.statuses(status) ?? false, `${status}`).toBe(isRepeated)
    }
  },
)

test('the breaker and the balancer have the figures of a real mesh', () => {
  const { max_failures, backoff } = failure_accrual.Kind.ConsecutiveFailures
  expect(breakerOf('provider-svc', policies)).toEqual({
    maxFailures: max_failures,
    minPenaltyMs: backoff.min_backoff.seconds * 1000 * PENALTY_SCALE,
    maxPenaltyMs: backoff.max_backoff.seconds * 1000 * PENALTY_SCALE,
  })
  const loads = routes.flatMap(({ rules }) =>
    rules.flatMap(({ backends }) =>
      backends.Kind.RandomAvailable.backends.map(({ backend }) => backend.backend.Kind.Balancer.Load.PeakEwma),
    ),
  )
  expect(loads).toHaveLength(2)
  for (const { default_rtt } of loads) expect(default_rtt.nanos).toBe(DEFAULT_RTT_MS * 1e6)
})
