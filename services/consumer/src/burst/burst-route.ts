import { type BurstQuery, BurstQuerySchema, BurstReportSchema } from '@linkerd-scenario/contract'
import { commaList, problemResponses, propagator, type ServiceRuntime } from '@linkerd-scenario/service-kit'
import type { FastifyPluginAsync } from 'fastify'
import type { ConsumerConfig } from '../config.ts'
import type { Outcome } from '../upstream/outcome.ts'
import { CallCancelled, type Caller, type ProviderClient } from '../upstream/provider-client.ts'
import { runBurst } from './run-burst.ts'
import { Tally } from './tally.ts'

export interface BurstRouteOptions {
  client: ProviderClient
  runtime: ServiceRuntime<ConsumerConfig>
}

/** `POST /burst`: makes many calls to the provider from inside the pod, through the mesh, and answers their totals. */
export const burstRoute: FastifyPluginAsync<BurstRouteOptions> = async (app, { client, runtime }) => {
  const propagate = propagator(commaList(runtime.settings.PROPAGATE_HEADERS))
  const schema = {
    summary: 'Many calls to the provider, and their totals',
    querystring: BurstQuerySchema,
    response: { 200: BurstReportSchema, ...problemResponses },
  }
  app.post<{ Querystring: BurstQuery }>('/burst', { schema }, async (request, reply) => {
    const { in: text, detail, fresh } = request.query
    const headers = propagate(request.headers)
    const tracer = runtime.tracing?.tracerOf(request.headers)
    const cancellation = new Cancellation()
    request.exchange.whenCallerGone(() => cancellation.cancel())
    const tally = new Tally(detail)
    const durationMs = await runBurst(
      request.query,
      async ({ requestId, startMs, lateMs }) => {
        const call = { method: 'GET', text, wantsHeaders: false, requestId, headers, tracer, fresh } as const
        const outcome = await cancellation.watch((caller) => outcomeOf(client.call(call, caller)))
        if (outcome) tally.add({ requestId, startMs, latencyMs: outcome.durationMs + lateMs, outcome })
      },
      () => request.exchange.isOver,
    )
    return request.exchange.isOver ? reply.hijack() : tally.report(durationMs)
  })
}

/** The outcome of a call; undefined if it was cancelled. */
async function outcomeOf(call: Promise<Outcome>): Promise<Outcome | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof CallCancelled) return undefined
    throw error
  }
}

/** Cancels all calls of a burst together. */
class Cancellation {
  readonly #listeners = new Set<() => void>()

  /** Makes one call that can be cancelled. */
  async watch<Result>(call: (caller: Caller) => Promise<Result>): Promise<Result> {
    let listener = () => {}
    const whenCallerGone = (given: () => void) => {
      listener = given
      this.#listeners.add(given)
    }
    try {
      return await call({ whenCallerGone })
    } finally {
      this.#listeners.delete(listener)
    }
  }

  cancel(): void {
    for (const listener of this.#listeners) listener()
  }
}
