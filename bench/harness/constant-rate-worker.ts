// Calls are due at fixed times, and latency counts from then: a slow answer does not delay the calls behind it.
// (autocannon sends the calls of each second at once and then pauses, which is not a constant rate.)
import { once } from 'node:events'
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type Dispatcher, Pool } from 'undici'
import { isExpected } from './load.ts'
import { type Due, dueAtMs, monotonicMs, type Pace } from './pace.ts'
import type { Schedule, ScheduleResult } from './schedule.ts'
import { work } from './worker.ts'

const LONGEST_ANSWER_MS = 10_000

/** One call: when it was due, and when a connection took it. */
interface Call {
  counts: boolean
  dueAt: number
  sentAt: number
}

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
  const uncounted = Math.round(schedule.rate * (schedule.warmUpSeconds ?? 0))
  const calls = Math.round(schedule.rate * schedule.seconds)
  const byStatus: Record<string, number> = {}
  const latency = new Map<string, RecordableHistogram>()
  const answer = new Map<string, RecordableHistogram>()
  const late = createHistogram()
  let wrong = 0
  let open = uncounted + calls

  const { promise: allEnded, resolve: endAll } = Promise.withResolvers<void>()

  function ended(call: Call, status: string): void {
    if (call.counts) {
      byStatus[status] = (byStatus[status] ?? 0) + 1
      const now = monotonicMs()
      record(of(latency, status), now - call.dueAt)
      record(of(answer, status), now - call.sentAt)
    }
    open -= 1
    if (open === 0) endAll()
  }

  function send(dueAt: number, counts: boolean): void {
    if (counts) record(late, monotonicMs() - dueAt)
    const chunks: Buffer[] = []
    let status = 0
    const call: Call = { counts, dueAt, sentAt: dueAt }
    pool.dispatch(options, {
      onRequestStart() {
        call.sentAt = monotonicMs()
      },
      onResponseStart(_controller, code) {
        status = code
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk)
      },
      onResponseEnd() {
        if (status === 200 && !isExpected(Buffer.concat(chunks).toString(), schedule.expect)) wrong += 1
        ended(call, String(status))
      },
      onResponseError() {
        ended(call, 'none')
      },
    })
  }

  const { rate } = schedule
  const pacer = new Worker(new URL('pacer.ts', import.meta.url), {
    workerData: { rate, calls: uncounted + calls } satisfies Pace,
  })
  let sent = 0
  let startedAtMs = Number.NaN
  pacer.on('message', (message: Due) => {
    startedAtMs = message.startedAtMs
    for (; sent < message.due; sent += 1) send(dueAtMs(startedAtMs, rate, sent), sent >= uncounted)
  })
  await once(pacer, 'exit')
  await Promise.race([allEnded, sleep(LONGEST_ANSWER_MS, undefined, { ref: false })])
  const seconds = (monotonicMs() - dueAtMs(startedAtMs, rate, uncounted)) / 1000
  // Calls that are still open end here, without an answer.
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
