import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import fp from 'fastify-plugin'
import { kitErrors } from '../errors/kit-errors.ts'
import { LoadShedder, SAMPLE_INTERVAL_MS } from './load-shedder.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Queue for the work on requests: the handler, and before it the parsing of a body. */
    turns?: TurnQueue
  }
}

const MAX_HEAP_RATIO = 0.9
const RETRY_AFTER_SECONDS = '1'
/** Longest time that one event-loop turn works on requests; then other work has a turn, for instance a probe. */
const WORK_PER_TURN_MS = 25

export interface OverloadOptions {
  /** Requests in flight, and those that have ended so far and were not shed. */
  traffic: { readonly active: number; readonly served: number }
  /** Requests are shed while the mean delay of the event loop, or the wait in the queue, is above this, ms. */
  eventLoopDelayMs: number
  /** Called with the reason when a request is shed, one of a few words. */
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
    // Created once per reason, because an error with its stack is expensive.
    const refusals = { loop: refusalFor('eventLoopDelay'), heap: refusalFor('heapUsedBytes') }

    await app.register(underPressure, {
      sampleInterval: SAMPLE_INTERVAL_MS,
      maxHeapUsedBytes: getHeapStatistics().heap_size_limit * MAX_HEAP_RATIO,
      // The default mode is the mean since the start, which hardly rises after an idle hour.
      eventLoopUtilizationMode: 'interval',
      // Only the heap has a limit here, so there is one reason.
      pressureHandler: ({ exchange }, _reply, reason) => {
        exchange.isShed = true
        onShed(reason)
        throw refusals.heap
      },
    })
    app.addHook('onRequest', (request, _reply, done) => {
      const arrival = { active: traffic.active, waitMs: turns.waitMs(), turnAgeMs: turns.ageMs }
      if (!shedder.admits(arrival)) {
        request.exchange.isShed = true
        onShed('eventLoopDelay')
        shedder.noteShed(performance.now())
        return done(refusals.loop)
      }
      // Such a request is queued when its body has arrived: see body-parsers.ts.
      const isParsed = request.method === 'POST' && request.headers['content-type'] !== undefined
      if (isParsed) done()
      else turns.run(done)
    })
    const sampler = setInterval(() => {
      const { eventLoopDelay: delayMs, eventLoopUtilized: utilization } = app.memoryUsage()
      shedder.sample({ delayMs, utilization, served: traffic.served }, performance.now())
    }, SAMPLE_INTERVAL_MS).unref()
    app.addHook('onClose', async () => clearInterval(sampler))
  },
  { name: 'overload', fastify: '5.x', dependencies: ['exchange'] },
)

/**
 * Runs tasks in order: at once in the first 25 ms of an event-loop turn, else in a later turn. Without it, many requests
 * that arrive together would be one long turn, in which nothing is answered, not even a refusal.
 */
export class TurnQueue {
  readonly #waiting: { task: () => void; since: number }[] = []
  #turnStartedAt: number | undefined

  run(task: () => void): void {
    const isFree = this.#waiting.length === 0
    if (isFree && this.ageMs() < WORK_PER_TURN_MS) {
      task()
    } else {
      this.#waiting.push({ task, since: performance.now() })
      if (isFree) setImmediate(this.#work)
    }
  }

  /** How long the next task has waited, ms; 0 if none waits. */
  waitMs(): number {
    const next = this.#waiting[0]
    return next === undefined ? 0 : performance.now() - next.since
  }

  /** Milliseconds since the first call in this turn of the event loop; 0 for that call. */
  readonly ageMs = (): number => {
    const now = performance.now()
    if (this.#turnStartedAt === undefined) {
      this.#turnStartedAt = now
      // Runs after the reads of this turn.
      setImmediate(this.#endTurn)
    }
    return now - this.#turnStartedAt
  }

  readonly #endTurn = (): void => {
    this.#turnStartedAt = undefined
  }

  readonly #work = (): void => {
    const until = performance.now() + WORK_PER_TURN_MS
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
