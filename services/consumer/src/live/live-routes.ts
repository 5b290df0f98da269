import {
  FaultSyntaxError,
  LIVE_PATHS,
  LiveStateSchema,
  parseFaults,
  type TrafficSettings,
  TrafficSettingsSchema,
} from '@linkerd-scenario/contract'
import { kitErrors, problemResponses, type ServiceRuntime } from '@linkerd-scenario/service-kit'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { ConsumerConfig } from '../config.ts'
import { LiveTraffic } from './live-traffic.ts'

export interface LiveRoutesOptions {
  runtime: ServiceRuntime<ConsumerConfig>
}

const STREAM_HEADERS = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Without it nginx buffers the events: https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_buffering
  'x-accel-buffering': 'no',
}

const response = { 200: LiveStateSchema, ...problemResponses }

/** The live traffic: its events, its state, its settings. It is created at the first request. */
export const liveRoutes: FastifyPluginAsync<LiveRoutesOptions> = async (app, { runtime }) => {
  let traffic: LiveTraffic | undefined
  const live = () => {
    traffic ??= new LiveTraffic(runtime)
    return traffic
  }
  app.addHook('preClose', async () => traffic?.endStreams())
  app.addHook('onClose', async () => traffic?.close())

  const stateSchema = { summary: 'The state of the live traffic', response }
  app.get(LIVE_PATHS.state, { schema: stateSchema }, async () => live().state())
  const resetSchema = { summary: 'Resets the counts of the live traffic', response }
  app.post(LIVE_PATHS.reset, { schema: resetSchema }, async () => live().reset())
  addSettingsRoute(app, live)
  addStreamRoute(app, live)
}

function addSettingsRoute(app: FastifyInstance, live: () => LiveTraffic): void {
  const schema = {
    summary: 'Sets the live traffic for all viewers; settings that are left out get their defaults',
    body: Type.Partial(TrafficSettingsSchema, { additionalProperties: false }),
    response,
  }
  app.put<{ Body: Partial<TrafficSettings> }>(LIVE_PATHS.traffic, { schema }, async ({ body }) => {
    const settings = Value.Default(TrafficSettingsSchema, { ...body }) as TrafficSettings
    refuseUnlessFaults(settings.fault)
    return live().configure(settings)
  })
}

function addStreamRoute(app: FastifyInstance, live: () => LiveTraffic): void {
  const events = {
    description: 'Events state, batch and end',
    content: { 'text/event-stream': { schema: Type.String() } },
  }
  const schema = {
    summary: 'The live traffic as server-sent events; the traffic runs only while someone reads them',
    response: { 200: events, ...problemResponses },
  }
  app.get(LIVE_PATHS.stream, { exposeHeadRoute: false, schema }, async (_request, reply) => {
    live().admit()
    reply.headers(STREAM_HEADERS).hijack()
    reply.raw.writeHead(200, reply.getHeaders() as Record<string, string>)
    live().addViewer(reply.raw)
  })
}

function refuseUnlessFaults(text: string): void {
  if (text === '') return
  try {
    parseFaults(text)
  } catch (error) {
    if (!(error instanceof FaultSyntaxError)) throw error
    throw kitErrors.INVALID_FAULT({ detail: error.message })
  }
}
