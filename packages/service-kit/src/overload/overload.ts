import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import fp from 'fastify-plugin'
import { kitErrors } from '../errors/kit-errors.ts'
import { LoadShedder, SAMPLE_INTERVAL_MS } from './load-shedder.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The work on requests goes through it: the handler, and before it the parsing of a body. */
    turns?: TurnQueue
  }
}

const MAX_HEAP_RATIO = 0.9
const RETRY_AFTER_SECONDS = '1'
/** How long one turn of the event loop works on requests; then everything else has a turn, a probe for instance. */
const TURN_BUDGET_MS = 25

export interface OverloadOptions {
  /** Requests in flight, and ended so far. */
  traffic: { readonly active: number; readonly ended: number }
  /** Mean delay of the event loop, and wait of a request for its turn, ms, above which requests are shed. */
  eventLoopDelayMs: number
  /** Told why a request was shed: a label of bounded values. */
  onShed: (reason: string) => void
}

/**
 * Sheds load with 503 and Retry-After: by `LoadShedder` while the event loop is late, and by under-pressure, which
 * measures the loop, while the heap is full. Register it in the API scope: at the root it would shed unknown paths too.
 */
export const overload = fp<OverloadOptions>(
  async (app, { eventLoopDelayMs, onShed, traffic }) => {
    const shedder = new LoadShedder(eventLoopDelayMs)
    const turns = new TurnQueue()
    app.decorate('turns', turns)
    // Created once for each reason: an error with its stack costs a good part of a refusal.
    const refusals = { loop: refusalFor('eventLoopDelay'), heap: refusalFor('heapUsedBytes') }

    await app.register(underPressure, {
      sampleInterval: SAMPLE_INTERVAL_MS,
      maxHeapUsedBytes: getHeapStatistics().heap_size_limit * MAX_HEAP_RATIO,
      // The default mode is the mean since the start: after an idle hour it could not rise.
      eventLoopUtilizationMode: 'interval',
      pressureHandler: (_request, _reply, reason) => {
        onShed(reason)
        throw refusals.heap
      },
    })
    app.addHook('onRequest', (request, _reply, done) => {
      const arrival = { active: traffic.active, waitMs: turns.waitMs(), turnAgeMs: turns.ageMs }
      if (!shedder.admits(arrival)) {
        onShed('eventLoopDelay')
        shedder.noteShed(performance.now())
        done(refusals.loop)
      } else if (request.method === 'GET') {
        turns.run(done)
      } else {
        // The work on a request with a body begins when the body has come: see body-parsers.ts.
        done()
      }
    })
    const sampler = setInterval(() => {
      const { eventLoopDelay: delayMs, eventLoopUtilized: utilization } = app.memoryUsage()
      shedder.sample({ delayMs, utilization, ended: traffic.ended }, performance.now())
    }, SAMPLE_INTERVAL_MS).unref()
    app.addHook('onClose', async () => clearInterval(sampler))
  },
  { name: 'overload', fastify: '5.x' },
)

/**
 * Runs tasks in their order: at once while the turn of the event loop is young, else in a later turn. Otherwise many
 * requests that arrive together would be one turn, and nothing would be answered while it lasts, not even a refusal.
 */
export class TurnQueue {
  readonly #waiting: { task: () => void; since: number }[] = []
  #turnStartedAt: number | undefined

  run(task: () => void): void {
    const isFree = this.#waiting.length === 0
    if (isFree && this.ageMs() < TURN_BUDGET_MS) {
      task()
    } else {
      this.#waiting.push({ task, since: performance.now() })
      if (isFree) setImmediate(this.#work)
    }
  }

  /** How long the next task has waited, ms; 0 where none waits. */
  waitMs(): number {
    const next = this.#waiting[0]
    return next === undefined ? 0 : performance.now() - next.since
  }

  /** Milliseconds since the first call in this turn of the event loop; 0 for that call. */
  readonly ageMs = (): number => {
    const now = performance.now()
    if (this.#turnStartedAt === undefined) {
      this.#turnStartedAt = now
      // Runs when all connections of this turn were read.
      setImmediate(this.#endTurn)
    }
    return now - this.#turnStartedAt
  }

  readonly #endTurn = (): void => {
    this.#turnStartedAt = undefined
  }

  readonly #work = (): void => {
    const until = performance.now() + TURN_BUDGET_MS
    let done = 0
    do {
      this.#waiting[done]?.task()
      done += 1
    } while (done < this.#waiting.length && performance.now() < until)
    this.#waiting.splice(0, done)
    if (this.#waiting.length > 0) setImmediate(this.#work)
  }
}

function refusalFor(reason: string): Error {
  return kitErrors.OVERLOADED({
    detail: `This pod is at its limit (${reason})`,
    headers: { 'retry-after': RETRY_AFTER_SECONDS },
  })
}
