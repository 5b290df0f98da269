import { getHeapStatistics } from 'node:v8'
import underPressure from '@fastify/under-pressure'
import fp from 'fastify-plugin'
import { kitErrors } from '../errors/kit-errors.ts'

const SAMPLE_INTERVAL_MS = 250
/** Mean delay of the event loop above which every request is shed. */
const MAX_EVENT_LOOP_DELAY_MS = 150
/** A loop that never idles is at its limit only if it is late as well: full use alone is no overload. */
const MAX_EVENT_LOOP_UTILIZATION = 0.98
const MAX_DELAY_AT_FULL_USE_MS = 75
const MAX_HEAP_RATIO = 0.9
const RETRY_AFTER_SECONDS = '1'

export interface OverloadOptions {
  /** Told why a request was shed: a label of bounded values. */
  onShed: (reason: string) => void
}

/**
 * Sheds load with 503 and Retry-After while the event loop or the heap is at its limit. Register it in the API scope:
 * at the root it would answer probes and unknown paths with 503 too.
 */
export const overload = fp<OverloadOptions>(
  async (app, { onShed }) => {
    await app.register(underPressure, {
      sampleInterval: SAMPLE_INTERVAL_MS,
      maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
      maxHeapUsedBytes: getHeapStatistics().heap_size_limit * MAX_HEAP_RATIO,
      maxEventLoopUtilization: MAX_EVENT_LOOP_UTILIZATION,
      // The default mode is the mean since the start: after an idle hour it could not trip.
      eventLoopUtilizationMode: 'interval',
      pressureHandler: (_request, _reply, reason) => {
        const { eventLoopDelay } = app.memoryUsage()
        if (reason === underPressure.TYPE_EVENT_LOOP_UTILIZATION && eventLoopDelay < MAX_DELAY_AT_FULL_USE_MS) return
        onShed(reason)
        throw kitErrors.OVERLOADED({
          detail: `This pod is at its limit (${reason})`,
          headers: { 'retry-after': RETRY_AFTER_SECONDS },
        })
      },
    })
  },
  { name: 'overload', fastify: '5.x' },
)
