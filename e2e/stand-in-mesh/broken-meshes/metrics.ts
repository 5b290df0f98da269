import { all, allBut, type BrokenMesh } from './broken-mesh.ts'

/** What the proxies count. */
export const METRICS: readonly BrokenMesh[] = [
  { name: 'proxies count nothing', behaviour: { counts: 0 }, denied: all, says: /0 counted/ },
  {
    name: 'proxies count double',
    behaviour: { counts: 2 },
    denied: allBut('discovery', 'circuit-breaking'),
    says: /counted/,
  },
  { name: 'proxies tell no metrics', behaviour: { tellsMetrics: false }, denied: all, says: /metrics/ },
  {
    name: 'proxies report three times the latency',
    behaviour: { latencyCounts: 3 },
    denied: ['golden-metrics'],
    says: /latency/,
  },
]
