import type { BurstReport } from '@linkerd-scenario/contract'
import { PROMISES } from '@linkerd-scenario/contract/promises'
import type { TestNamespace } from '../cluster/test-namespace.ts'
import { allSucceed, failAtLeast } from '../expectations/call-expectations.ts'
import { factIs } from '../expectations/fact-expectations.ts'
import { proxyCounted, statusOf } from '../expectations/proxy-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { untilForgotten } from './killed-pods.ts'

const TIERS = ['provider-v1', 'consumer-v1']

async function podsOf(namespace: TestNamespace): Promise<string[]> {
  return (await Promise.all(TIERS.map((workload) => namespace.pods(workload)))).flat().map(({ uid }) => uid)
}

const scaleBoth = async (namespace: TestNamespace, replicas: number) => {
  await Promise.all(TIERS.map((workload) => namespace.scale(workload, replicas)))
}

/** A faster answer was not delayed, and says nothing about slow calls. */
const areSlow = ({ calls = [] }: BurstReport, delayMs: number) =>
  calls.filter(({ status }) => status === 200).every(({ latencyMs }) => latencyMs >= delayMs)

/** Slow calls edge → consumer → provider while both are restarted and then scaled down to one pod each. */
const traffic: Steps = (namespace) =>
  namespace.observe({ caller: 'consumer-edge' }, async () => {
    const { delayMs, ratePerS, burstS, calls: atLeast } = namespace.pace.slowRequests
    const before = new Set(await podsOf(namespace))
    let kept = 0
    const calls = await namespace.trafficDuring(
      'consumer-edge',
      { rate: ratePerS, burstS, concurrency: 64, fault: `delay;ms=${delayMs};at=provider`, atLeast },
      async () => {
        await namespace.restart(TIERS)
        kept = (await podsOf(namespace)).filter((uid) => before.has(uid)).length
        await scaleBoth(namespace, 1)
      },
    )
    const left = (await podsOf(namespace)).length
    return {
      bursts: { calls },
      facts: {
        enough: calls.total >= atLeast,
        slow: areSlow(calls, delayMs),
        podsKept: kept,
        podsLeft: left,
      },
    }
  })

const circumstances = [
  factIs('enough', true, 'calls are made until all pods have gone', 'services'),
  factIs('slow', true, 'every answer takes as long as the provider was told to wait', 'services'),
  factIs('podsKept', 0, 'every pod of the consumer and the provider is replaced'),
  factIs('podsLeft', 2, 'one pod of the consumer and one of the provider are left'),
]

export const slowRequests: Feature = {
  name: 'slow-requests',
  claim: PROMISES['slow-requests'].claim.en,
  needs: [],
  workloads: { 'consumer-v1': 2, 'provider-v1': 2, 'consumer-edge': 1 },
  decides: 'services',
  on: {
    state: 'with drain and grace period',
    prepare: (namespace) => scaleBoth(namespace, 2),
    steps: traffic,
    expect: [
      allSucceed('calls'),
      ...circumstances,
      proxyCounted(
        'caller',
        {
          family: 'outbound_http_route_request_statuses_total',
          labels: { parent_name: 'consumer-svc', http_status: '200' },
          what: 'answers with status 200',
        },
        statusOf('calls', 200),
      ),
    ],
  },
  control: {
    state: 'without a drain, pods killed at once',
    with: { path: 'components/instant-kill' },
    prepare: (namespace) => scaleBoth(namespace, 2),
    steps: traffic,
    expect: [failAtLeast('calls', 1, 'slow calls that are under way are lost'), ...circumstances],
  },
  cleanup: untilForgotten,
  hints: [
    'The grace period is too short for the drain, a slow call and the end of the proxy: `kubectl get deployments -n NAMESPACE -o custom-columns=NAME:.metadata.name,GRACE:.spec.template.spec.terminationGracePeriodSeconds`.',
    'The proxy is no native sidecar and ends before its service, or with it: `kubectl get pods -n NAMESPACE -o custom-columns=NAME:.metadata.name,INIT:.spec.initContainers[*].name` must name linkerd-proxy.',
    'A timeout of a route or a ServiceProfile ends slow calls: `kubectl get httproutes.gateway.networking.k8s.io,serviceprofiles.linkerd.io -A`.',
  ],
}
