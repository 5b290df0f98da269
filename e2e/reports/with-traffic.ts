import type { FeatureReport, JsonReport } from '../../prove/src/report/json-report.ts'

/**
 * A report whose phases have traffic, as the prover records it, so that every kind of chart is drawn; and what it takes
 * to repeat it by hand.
 */
export function withTraffic(report: JsonReport): JsonReport {
  return { ...report, byHand: BY_HAND, features: report.features.map(withCalls) }
}

const BY_HAND: NonNullable<JsonReport['byHand']> = {
  setUp: ['kubectl create namespace prove-1', 'kubectl -n prove-1 apply -f base.yaml'],
  end: ['kubectl delete namespace prove-1'],
  files: { 'base.yaml': 'kind: Service\n', 'it.yaml': 'kind: HTTPRoute\n' },
}

function withCalls(feature: FeatureReport): FeatureReport {
  return {
    ...feature,
    commands: [
      '# On: with it',
      'kubectl -n prove-1 apply -f it.yaml',
      `curl -sS 'http://127.0.0.1:16001/${'x'.repeat(99)}'`,
    ],
    on: feature.on && { ...feature.on, settled: SETTLED, traffic: [trafficOf(0, 5)] },
    control: feature.control && { ...feature.control, traffic: [trafficOf(40, 900)] },
  }
}

const SETTLED: NonNullable<FeatureReport['on']>['settled'] = {
  converged: true,
  waitedMs: 1500,
  observations: 4,
  looks: [
    { atMs: 0, outcomes: { '503 provider': 20, 200: 40 } },
    { atMs: 500, outcomes: { 200: 60 } },
    { atMs: 1000, outcomes: { 200: 60 } },
  ],
}

function trafficOf(failures: number, medianMs: number) {
  return {
    name: 'calls',
    total: 100,
    durationMs: 4000,
    outcomes: { 200: 100 - failures, ...(failures > 0 ? { '503 provider': failures } : {}) },
    versions: { v1: 90, v2: 10 },
    pods: { 'provider-v1-d8fff6fc6-vcqz2': 90, 'provider-v2-54c6969c8b-sr2v7': 10 },
    latencyMs: { p50: medianMs, p90: 2 * medianMs, p99: 3 * medianMs, max: 4 * medianMs },
    timeline: {
      stepMs: 1000,
      outcomes: { 200: [40, 30, 20, 10 - failures / 4], '503 provider': [0, failures / 2, failures / 2, 0] },
    },
  }
}
