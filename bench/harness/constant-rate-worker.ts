// Calls are due at fixed times, and their latency counts from then: a slow answer cannot slow the calls behind it.
// (autocannon's rate sends the calls of each second in one go and then pauses: no constant rate.)
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { setImmediate as turn } from 'node:timers/promises'
import { type Dispatcher, Pool } from 'undici'
import { isExpected } from './load.ts'
import type { Schedule, ScheduleResult } from './schedule.ts'
import { work } from './worker.ts'

const LONGEST_ANSWER_MS = 10_000

await work(async (schedule: Schedule): Promise<ScheduleResult> => {
  const { origin, pathname, search } = new URL(schedule.url)
  const pool = new Pool(origin, {
    connections: schedule.connections,
    headersTimeout: LONGEST_ANSWER_MS,
    bodyTimeout: LONGEST_ANSWER_MS,
  })
  const options: Dispatcher.DispatchOptions = {
    method: schedule.method,
    path: pathname + search,
    ...(schedule.body === undefined ? {} : { body: schedule.body, headers: { 'content-type': 'application/json' } }),
  }
  const calls = Math.round(schedule.rate * schedule.seconds)
  const byStatus: Record<string, number> = {}
  const latency = new Map<string, RecordableHistogram>()
  const late = createHistogram()
  let wrong = 0
  let open = calls

  function ended(status: string, dueAt: number): void {
    byStatus[status] = (byStatus[status] ?? 0) + 1
    const histogram = latency.get(status) ?? createHistogram()
    latency.set(status, histogram)
    record(histogram, performance.now() - dueAt)
    open -= 1
  }

  const startedAt = performance.now()
  for (let next = 0; next < calls; await turn()) {
    const now = performance.now()
    for (; next < calls && startedAt + (next * 1000) / schedule.rate <= now; next += 1) {
      const dueAt = startedAt + (next * 1000) / schedule.rate
      record(late, now - dueAt)
      const chunks: Buffer[] = []
      let status = 0
      pool.dispatch(options, {
        onRequestStart() {},
        onResponseStart(_controller, code) {
          status = code
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk)
        },
        onResponseEnd() {
          if (status === 200 && !isExpected(Buffer.concat(chunks).toString(), schedule.expect)) wrong += 1
          ended(String(status), dueAt)
        },
        onResponseError() {
          ended('none', dueAt)
        },
      })
    }
  }
  const giveUpAt = performance.now() + LONGEST_ANSWER_MS
  while (open > 0 && performance.now() < giveUpAt) await turn()
  const seconds = (performance.now() - startedAt) / 1000
  byStatus['none'] = (byStatus['none'] ?? 0) + open
  await pool.destroy()
  const latencyMs = Object.fromEntries([...latency].map(([status, histogram]) => [status, percentiles(histogram)]))
  return { calls, seconds, byStatus, wrong, latencyMs, lateMs: late.percentile(99) / 1e6 }
})

function record(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.max(1, Math.round(ms * 1e6)))
}

function percentiles(histogram: RecordableHistogram): { p50: number; p99: number; max: number } {
  return { p50: histogram.percentile(50) / 1e6, p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6 }
}
