import { answered } from '../../testing/fixtures.ts'
import { failed, sample, verdictCases } from '../../testing/verdict-cases.ts'
import { trafficSplit } from './traffic-split.ts'

const by = (v1: number, v2: number) => [...answered(v1), ...answered(v2, { version: 'v2' })]
const counted = (v1: number, v2: number) =>
  [v1, v2].map((value, index) =>
    sample(
      'outbound_http_route_backend_requests_total',
      {
        parent_kind: 'Service',
        parent_name: 'provider-svc',
        route_name: 'provider-split',
        backend_name: `provider-v${index + 1}-svc`,
      },
      value,
    ),
  )
const seen = (v1: number, v2: number) => ({ bursts: { calls: by(v1, v2) }, caller: counted(v1, v2) })

verdictCases(trafficSplit, { on: seen(900, 100), control: { bursts: { calls: by(53, 947) }, caller: [] } }, [
  ...[64, 140].map((v2) => ({
    name: `${v2} of 1000 for version 2 are no chance`,
    on: seen(1000 - v2, v2),
    verdict: 'failed' as const,
    says: /version v2 answers 10 %/,
  })),
  { name: 'a split that is reversed', on: seen(100, 900), verdict: 'failed', says: /900 of 1000/ },
  {
    name: 'one call is lost',
    on: { bursts: { calls: [...by(899, 100), ...failed(1, 503)] } },
    verdict: 'failed',
    says: /503: 1/,
  },
  { name: 'another route did it', on: { caller: [] }, verdict: 'failed', says: /0 counted/ },
  {
    name: 'the share is the same without the route',
    control: { bursts: { calls: by(900, 100) } },
    verdict: 'not-proved',
    says: /It holds without the route/,
  },
])

// The exact binomial bounds: 65 and 139 of 1000.
for (const v2 of [65, 139])
  verdictCases(trafficSplit, { on: seen(1000 - v2, v2), control: { bursts: { calls: by(53, 947) }, caller: [] } }, [])
