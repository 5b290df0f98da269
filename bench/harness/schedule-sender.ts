import { type Dispatcher, Pool } from 'undici'
import { isExpected } from './load.ts'
import { monotonicMs } from './pace.ts'
import type { Schedule } from './schedule.ts'
import type { Call, ScheduleTally } from './schedule-tally.ts'

/** A call without an answer after this time has failed. */
export const LONGEST_ANSWER_MS = 10_000

/** Sends the calls of a schedule over a pool of connections. */
export class ScheduleSender {
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
