import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import fp from 'fastify-plugin'
import { kitErrors } from '../errors/kit-errors.ts'

const SAMPLE_INTERVAL_MS = 250
/** A loop that never idles is at its limit only if it is late as well: full use alone is no overload. */
const MAX_EVENT_LOOP_UTILIZATION = 0.98
const DELAY_RATIO_AT_FULL_USE = 0.5
/** A long turn is a pause (a compilation, a throttled CPU), no overload; and one may reach into two samples. */
const LATE_SAMPLES = 3
const MAX_HEAP_RATIO = 0.9
const RETRY_AFTER_SECONDS = '1'

export interface OverloadOptions {
  /** Mean delay of the event loop, ms, above which every request is shed. */
  eventLoopDelayMs: number
  /** Told why a request was shed: a label of bounded values. */
  onShed: (reason: string) => void
}

/**
 * Sheds load with 503 and Retry-After while the event loop or the heap is at its limit. Register it in the API scope:
 * at the root it would answer probes and unknown paths with 503 too.
 */
export const overload = fp<OverloadOptions>(
  async (app, { eventLoopDelayMs, onShed }) => {
    const delayAtFullUseMs = eventLoopDelayMs * DELAY_RATIO_AT_FULL_USE
    let lateSamples = 0
    await app.register(underPressure, {
      sampleInterval: SAMPLE_INTERVAL_MS,
      maxEventLoopDelay: eventLoopDelayMs,
      maxHeapUsedBytes: getHeapStatistics().heap_size_limit * MAX_HEAP_RATIO,
      maxEventLoopUtilization: MAX_EVENT_LOOP_UTILIZATION,
      // The default mode is the mean since the start: after an idle hour it could not trip.
      eventLoopUtilizationMode: 'interval',
      pressureHandler: (_request, _reply, reason) => {
        if (reason !== underPressure.TYPE_HEAP_USED_BYTES && lateSamples < LATE_SAMPLES) return
        onShed(reason)
        throw kitErrors.OVERLOADED({
          detail: `This pod is at its limit (${reason})`,
          headers: { 'retry-after': RETRY_AFTER_SECONDS },
        })
      },
    })
    const sampler = setInterval(() => {
      const { eventLoopDelay, eventLoopUtilized } = app.memoryUsage()
      const limitMs = eventLoopUtilized > MAX_EVENT_LOOP_UTILIZATION ? delayAtFullUseMs : eventLoopDelayMs
      lateSamples = eventLoopDelay > limitMs ? lateSamples + 1 : 0
    }, SAMPLE_INTERVAL_MS).unref()
    app.addHook('onClose', async () => clearInterval(sampler))
  },
  { name: 'overload', fastify: '5.x' },
)
