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
  const answer = new Map<string, RecordableHistogram>()
  const late = createHistogram()
  let wrong = 0
  let open = calls

  function ended(status: string, dueAt: number, sentAt: number): void {
    byStatus[status] = (byStatus[status] ?? 0) + 1
    const now = performance.now()
    record(of(latency, status), now - dueAt)
    record(of(answer, status), now - sentAt)
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
      let sentAt = dueAt
      pool.dispatch(options, {
        onRequestStart() {
          sentAt = performance.now()
        },
        onResponseStart(_controller, code) {
          status = code
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk)
        },
        onResponseEnd() {
          if (status === 200 && !isExpected(Buffer.concat(chunks).toString(), schedule.expect)) wrong += 1
          ended(String(status), dueAt, sentAt)
        },
        onResponseError() {
          ended('none', dueAt, sentAt)
        },
      })
    }
  }
  const giveUpAt = performance.now() + LONGEST_ANSWER_MS
  while (open > 0 && performance.now() < giveUpAt) await turn()
  const seconds = (performance.now() - startedAt) / 1000
  // What is still open ends here, as a call without an answer.
  await pool.destroy()
  byStatus['none'] = calls - answered(byStatus)
  return {
    calls,
    seconds,
    byStatus,
    wrong,
    latencyMs: allOf(latency),
    answerMs: allOf(answer),
    lateMs: late.percentile(99) / 1e6,
  }
})

function of(histograms: Map<string, RecordableHistogram>, status: string): RecordableHistogram {
  const histogram = histograms.get(status) ?? createHistogram()
  histograms.set(status, histogram)
  return histogram
}

function allOf(histograms: Map<string, RecordableHistogram>) {
  return Object.fromEntries([...histograms].map(([status, histogram]) => [status, percentiles(histogram)]))
}

function answered(byStatus: Record<string, number>): number {
  return Object.entries(byStatus).reduce((sum, [status, count]) => (status === 'none' ? sum : sum + count), 0)
}

function record(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.max(1, Math.round(ms * 1e6)))
}

function percentiles(histogram: RecordableHistogram): { p50: number; p99: number; max: number } {
  return { p50: histogram.percentile(50) / 1e6, p99: histogram.percentile(99) / 1e6, max: histogram.max / 1e6 }
}
