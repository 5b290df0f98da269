import type { BurstReport } from '@linkerd-scenario/contract'
import { PROMISES } from '@linkerd-scenario/contract/promises'
import { admittedWithin, allSucceed, someFailAs } from '../expectations/call-expectations.ts'
import { proxyCounted, statusOf } from '../expectations/proxy-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { RATE_LIMIT, SERVER } from './needs.ts'

/** As identity.requestsPerSecond in k8s/features/rate-limiting; the policy counts per pod, so there is only one pod. */
const PER_SECOND = 10
const SENT_PER_SECOND = 50

const paced: Steps = (namespace) =>
  namespace.observe({ provider: 'provider-v1' }, async () => ({
    bursts: {
      calls: await namespace.burst('consumer-v1', {
        n: SENT_PER_SECOND * namespace.pace.rateLimitS,
        rate: SENT_PER_SECOND,
      }),
    },
  }))

const atOnce: Steps = (namespace) =>
  namespace.observe({}, async () => ({
    bursts: { calls: await namespace.burst('consumer-v1', { n: 4 * PER_SECOND }) },
  }))

/** The limit's rate times the burst's duration; a bucket of one second's worth may be full or empty at the start. */
function admitted({ durationMs }: BurstReport) {
  const calls = (PER_SECOND * durationMs) / 1000
  return { least: Math.floor(0.85 * calls), most: Math.ceil(1.1 * calls + PER_SECOND) }
}

const refusals = someFailAs('calls', ['429 mesh'], 0.1)

export const rateLimiting: Feature = {
  name: 'rate-limiting',
  claim: PROMISES['rate-limiting'].claim.en,
  needs: [SERVER, RATE_LIMIT],
  workloads: { 'consumer-v1': 1, 'provider-v1': 1 },
  decides: 'services',
  on: {
    state: 'with the policy',
    with: { path: 'features/rate-limiting' },
    settle: { steps: atOnce, until: [refusals] },
    steps: paced,
    expect: [
      refusals,
      admittedWithin('calls', `about ${PER_SECOND} calls a second are admitted`, admitted),
      proxyCounted(
        'provider',
        {
          family: 'inbound_http_local_ratelimit_total',
          labels: { ratelimit_name: 'provider-limit', target_port: '5000' },
          what: 'refusals',
        },
        statusOf('calls', 429),
      ),
    ],
  },
  control: {
    state: 'without the policy',
    settle: { steps: atOnce, until: [allSucceed('calls')] },
    steps: paced,
    expect: [allSucceed('calls')],
  },
  hints: [
    'Another rate limit or Server holds the port: `kubectl get httplocalratelimitpolicies,servers.policy.linkerd.io -n NAMESPACE -o yaml`.',
    'Some other traffic uses the quota up: probes must go to the admin port.',
  ],
}
