// Calls are due at fixed times, and latency counts from then: a slow answer does not delay the calls behind it.
// (autocannon sends the calls of each second at once and then pauses, which is not a constant rate.)
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type Dispatcher, Pool } from 'undici'
import { isExpected } from './load.ts'
import { type Due, dueAtMs, monotonicMs, type Pace } from './pace.ts'
import type { Schedule, ScheduleResult } from './schedule.ts'
import { type Call, ScheduleTally } from './schedule-tally.ts'
import { work } from './worker.ts'

const LONGEST_ANSWER_MS = 10_000

await work(async (schedule: Schedule): Promise<ScheduleResult> => {
  const { rate } = schedule
  const uncounted = Math.round(rate * (schedule.warmUpSeconds ?? 0))
  const calls = Math.round(rate * schedule.seconds)
  const tally = new ScheduleTally(uncounted + calls)
  const sender = new Sender(schedule, tally)
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

/** Sends the calls of a schedule over a pool of connections. */
class Sender {
  readonly #pool: Pool
  readonly #options: Dispatcher.DispatchOptions
  readonly #expect: readonly string[]
  readonly #tally: ScheduleTally

  constructor({ url, method, body, connections, expect }: Schedule, tally: ScheduleTally) {
    const { origin, pathname, search } = new URL(url)
    this.#pool = new Pool(origin, {
      connections,
      headersTimeout: LONGEST_ANSWER_MS,
      bodyTimeout: LONGEST_ANSWER_MS,
    })
    const json = { 'content-type': 'application/json' }
    this.#options = { method, path: pathname + search, ...(body === undefined ? {} : { body, headers: json }) }
    this.#expect = expect
    this.#tally = tally
  }

  send(call: Call): void {
    const [tally, expected] = [this.#tally, this.#expect]
    tally.started(call)
    const chunks: Buffer[] = []
    let status = 0
    this.#pool.dispatch(this.#options, {
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
        const isRight = status !== 200 || isExpected(Buffer.concat(chunks).toString(), expected)
        tally.ended(call, String(status), isRight)
      },
      onResponseError() {
        tally.ended(call, 'none')
      },
    })
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }
}
