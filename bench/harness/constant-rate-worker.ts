// Calls are due at fixed times, and latency counts from then: a slow answer does not delay the calls behind it.
// (autocannon sends the calls of each second at once and then pauses, which is not a constant rate.)
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type Due, dueAtMs, monotonicMs, type Pace } from './pace.ts'
import type { Schedule, ScheduleResult } from './schedule.ts'
import { LONGEST_ANSWER_MS, ScheduleSender } from './schedule-sender.ts'
import { ScheduleTally } from './schedule-tally.ts'
import { work } from './worker.ts'

await work(async (schedule: Schedule): Promise<ScheduleResult> => {
  const { rate } = schedule
  const uncounted = Math.round(rate * (schedule.warmUpSeconds ?? 0))
  const calls = Math.round(rate * schedule.seconds)
  const tally = new ScheduleTally(uncounted + calls)
  const sender = new ScheduleSender(schedule, tally)
  const startedAtMs = await paced({ rate, calls: uncounted + calls }, (dueAt, index) =>
    sender.send({ counts: index >= uncounted, dueAt, sentAt: dueAt }),
  )
  await Promise.race([tally.allEnded, sleep(LONGEST_ANSWER_MS, undefined, { ref: false })])
  const seconds = (monotonicMs() - dueAtMs(startedAtMs, rate, uncounted)) / 1000
  // Calls that are still open end here, without an answer.
  await sender.close()
  return tally.result(calls, seconds)
})

/** Calls `send` for each call when it is due. Returns when the first was due, on the clock of `monotonicMs`. */
async function paced(pace: Pace, send: (dueAtMs: number, index: number) => void): Promise<number> {
  const pacer = new Worker(new URL('pacer.ts', import.meta.url), { workerData: pace })
  let sent = 0
  let startedAtMs = Number.NaN
  pacer.on('message', (message: Due) => {
    startedAtMs = message.startedAtMs
    for (; sent < message.due; sent += 1) send(dueAtMs(startedAtMs, pace.rate, sent), sent)
  })
  await once(pacer, 'exit')
  return startedAtMs
}
