import type { BurstReport } from '@linkerd-scenario/contract'
import { request } from 'undici'
import { type Case, type CaseReport, type Effort, lesser } from '../harness/case.ts'
import { inTurn, pairedRow, type Served, serve } from '../harness/pairs.ts'
import { type RunningSide, startSide } from '../harness/side.ts'
import { getProvider } from './calls.ts'
import { shippedTwoHops } from './sides.ts'

/** `/burst` stands in for an external load generator inside the mesh: it must not be what limits a measurement. */
export const burstCase: Case = {
  name: 'burst',
  title: 'POST /burst on the consumer beside an external generator, both calling the provider, 32 at once',
  async run(full) {
    const effort = lesser(full)
    const side = await startSide(shippedTwoHops)
    try {
      await burst(side, effort)
      const provider = side.processes[0]
      if (provider === undefined) throw new Error('no provider')
      const direct = { url: provider.url, cpuTimeMs: () => side.cpuTimeMs() } as RunningSide
      const pairs = await inTurn(
        effort.pairs,
        () => burst(side, effort),
        () => serve(direct, getProvider, effort),
      )
      return report(pairs)
    } finally {
      await side.stop()
    }
  },
}

function report(pairs: [Served, Served][]): CaseReport {
  const of = (figure: 'perSecond' | 'p99Ms') => pairs.map(([a, b]) => [a[figure], b[figure]] as const)
  return {
    rows: [pairedRow('calls', '/s', of('perSecond')), pairedRow('p99 as the caller sees it', 'ms', of('p99Ms'))],
    wrong: pairs.flat().reduce((sum, { wrong }) => sum + wrong, 0),
  }
}

async function burst({ adminUrl }: RunningSide, { quick }: Effort): Promise<Served> {
  const n = quick ? 2000 : 10_000
  const url = `${adminUrl}/burst?n=${n}&concurrency=${getProvider.connections}&in=hello`
  const { body } = await request(url, { method: 'POST', headersTimeout: 60_000 })
  const { byStatus, durationMs, latencyMs } = (await body.json()) as BurstReport
  return {
    perSecond: (n * 1000) / durationMs,
    cpuUs: Number.NaN,
    p99Ms: latencyMs.p99,
    shed: 0,
    wrong: n - (byStatus['200'] ?? 0),
  }
}
