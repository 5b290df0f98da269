import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import fp from 'fastify-plugin'
import { kitErrors } from '../errors/kit-errors.ts'
import { TurnClock } from './turn-clock.ts'
import { TurnQueue } from './turn-queue.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** The work on requests goes through it: the handler, and before it the parsing of a body. */
    turns?: TurnQueue
  }
}

const SAMPLE_INTERVAL_MS = 250
/** A loop that never idles is at its limit only if it is late as well: full use alone is no overload. */
const MAX_EVENT_LOOP_UTILIZATION = 0.98
const DELAY_RATIO_AT_FULL_USE = 0.5
/** A long turn is a pause (a compilation, a throttled CPU), no overload; and one may reach into two samples. */
const LATE_SAMPLES = 3
const MAX_HEAP_RATIO = 0.9
const RETRY_AFTER_SECONDS = '1'
/** Once the load is too much: so long a turn of the event loop takes requests, and sheds those that come behind. */
const TURN_BUDGET_MS = 25
/** … and so many requests are under way as were answered in this time: who waits for more has left already. */
const WAITING_BUDGET_MS = 100
/** A late loop that serves no more than this in a sample is held up by something else: then nothing fits. */
const HARDLY_ANY = 2
/** The load counts as too much for that long after the last request was shed. */
const SHEDDING_LASTS_MS = 2000

export interface OverloadOptions {
  /** What the server does: requests under way, and answered so far. */
  traffic: { readonly active: number; readonly ended: number }
  /** Mean delay of the event loop, and wait of a request for its turn, ms, above which every request is shed. */
  eventLoopDelayMs: number
  /** Told why a request was shed: a label of bounded values. */
  onShed: (reason: string) => void
}

/**
 * Sheds load with 503 and Retry-After while requests wait too long for the event loop, or the loop or the heap is at its
 * limit. Register it in the API scope: at the root it would answer probes and unknown paths with 503 too.
 *
 * Of a loop that is late only what does not fit is shed: each turn serves for a budget of time and refuses the rest at
 * little cost. To shed all for a sample's length, as under-pressure does, would waste most of what could be served.
 */
export const overload = fp<OverloadOptions>(
  async (app, { eventLoopDelayMs, onShed, traffic }) => {
    const delayAtFullUseMs = eventLoopDelayMs * DELAY_RATIO_AT_FULL_USE
    let lateSamples = 0
    let isShedding = false
    let lastShedAt = 0
    let shedSoFar = 0
    let servedBefore = 0
    let roomFor = Number.POSITIVE_INFINITY
    const turn = new TurnClock()
    const turns = new TurnQueue()
    app.decorate('turns', turns)

    // Made once a reason: to make an error, with its stack, is a good part of a refusal.
    const refusals = new Map<string, Error>()

    function shed(reason: string): Error {
      onShed(reason)
      shedSoFar += 1
      const refusal = refusals.get(reason) ?? refusalFor(reason)
      refusals.set(reason, refusal)
      return refusal
    }

    await app.register(underPressure, {
      sampleInterval: SAMPLE_INTERVAL_MS,
      maxEventLoopDelay: eventLoopDelayMs,
      maxHeapUsedBytes: getHeapStatistics().heap_size_limit * MAX_HEAP_RATIO,
      maxEventLoopUtilization: MAX_EVENT_LOOP_UTILIZATION,
      // The default mode is the mean since the start: after an idle hour it could not trip.
      eventLoopUtilizationMode: 'interval',
      pressureHandler: (_request, _reply, reason) => {
        // The lateness of the loop is for the hook below.
        if (reason === underPressure.TYPE_HEAP_USED_BYTES) throw shed(reason)
      },
    })
    app.addHook('onRequest', (request, _reply, done) => {
      const isFull = turns.waitMs() > eventLoopDelayMs
      if (!isFull && (!isShedding || (traffic.active <= roomFor && turn.ageMs() < TURN_BUDGET_MS))) {
        // Of a request with a body the work begins when the body has come: see the body parsers.
        return request.method === 'GET' ? turns.run(done) : done()
      }
      lastShedAt = performance.now()
      done(shed(underPressure.TYPE_EVENT_LOOP_DELAY))
    })
    const sampler = setInterval(() => {
      const { eventLoopDelay, eventLoopUtilized } = app.memoryUsage()
      const limitMs = eventLoopUtilized > MAX_EVENT_LOOP_UTILIZATION ? delayAtFullUseMs : eventLoopDelayMs
      lateSamples = eventLoopDelay > limitMs ? lateSamples + 1 : 0
      const served = traffic.ended - shedSoFar
      const justServed = served - servedBefore
      const isHeldUp = lateSamples >= LATE_SAMPLES && justServed <= HARDLY_ANY
      roomFor = isHeldUp ? 0 : Math.max(1, (justServed * WAITING_BUDGET_MS) / SAMPLE_INTERVAL_MS)
      servedBefore = served
      const now = performance.now()
      if (lateSamples >= LATE_SAMPLES && !isShedding) lastShedAt = now
      isShedding = lateSamples >= LATE_SAMPLES || (isShedding && now - lastShedAt < SHEDDING_LASTS_MS)
    }, SAMPLE_INTERVAL_MS).unref()
    app.addHook('onClose', async () => clearInterval(sampler))
  },
  { name: 'overload', fastify: '5.x' },
)

function refusalFor(reason: string): Error {
  return kitErrors.OVERLOADED({
    detail: `This pod is at its limit (${reason})`,
    headers: { 'retry-after': RETRY_AFTER_SECONDS },
  })
}
