import { type BurstQuery, BurstQuerySchema, BurstReportSchema } from '@linkerd-scenario/contract'
import { commaList, problemResponses, propagator, type ServiceRuntime } from '@linkerd-scenario/service-kit'
import type { FastifyPluginAsync } from 'fastify'
import type { ConsumerConfig } from '../config.ts'
import { callProvider } from '../upstream/call-provider.ts'
import type { ProviderClient } from '../upstream/provider-client.ts'
import { runBurst } from './run-burst.ts'
import { Tally } from './tally.ts'

export interface BurstRouteOptions {
  client: ProviderClient
  runtime: ServiceRuntime<ConsumerConfig>
}

/** `POST /burst`: many calls to the provider from inside the pod, where the mesh sees them, and their totals. */
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
    const cancels = new Set<() => void>()
    request.exchange.whenCallerGone(() => {
      for (const cancel of cancels) cancel()
    })
    const tally = new Tally(detail)
    const durationMs = await runBurst(
      request.query,
      ({ requestId, startMs, lateMs }) =>
        new Promise<void>((resolve) => {
          const call = { method: 'GET', text, wantsHeaders: false, requestId, headers, fresh } as const
          let cancel: (() => void) | undefined
          let isOver = false
          cancel = callProvider(client, runtime.metrics, call, (outcome) => {
            isOver = true
            if (cancel) cancels.delete(cancel)
            if (outcome) tally.add({ requestId, startMs, latencyMs: outcome.durationMs + lateMs, outcome })
            resolve()
          })
          if (!isOver) cancels.add(cancel)
        }),
      () => request.exchange.callerGone,
    )
    return request.exchange.callerGone ? reply.hijack() : tally.report(durationMs)
  })
}
