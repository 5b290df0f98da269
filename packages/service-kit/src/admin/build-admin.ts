import { type Info, InfoSchema, LivenessSchema, ReadinessSchema } from '@linkerd-scenario/contract'
import type { FastifyInstance } from 'fastify'
import { problemResponses } from '../errors/problem-responses.ts'
import type { ServiceRuntime } from '../runtime.ts'
import { createServer } from '../server/create-server.ts'
import { controlRoutes } from './control-routes.ts'
import { foreignRequests } from './foreign-requests.ts'

/** Probes and scrapes come every few seconds; log lines for them would hide the others. */
const QUIET = { config: { quiet: true } }
const refusals = { '4xx': problemResponses['4xx'] }

/**
 * The admin server of a process: probes, metrics, info, controls and the OpenAPI description that `openapi` makes.
 * Its requests are never faulted and never shed.
 */
export function buildAdmin(runtime: ServiceRuntime, openapi: () => Promise<object>): FastifyInstance {
  const { identity, readiness, metrics, mesh, settings, startedAt } = runtime
  const admin = createServer(runtime, { isAdmin: true })
  const { hosts } = runtime
  void admin.register(foreignRequests, { hosts })
  void admin.register(async (app) => {
    app.get(
      '/livez',
      { ...QUIET, schema: { summary: 'Whether the process is up', response: { 200: LivenessSchema, ...refusals } } },
      async () => ({ status: 'ok' as const }),
    )
    app.get(
      '/readyz',
      {
        ...QUIET,
        schema: {
          summary: 'Whether the process wants traffic',
          response: { 200: ReadinessSchema, 503: ReadinessSchema, ...refusals },
        },
      },
      async (_request, reply) => {
        const { status } = readiness
        reply.code(status === 'ok' ? 200 : 503)
        return { status }
      },
    )
    app.get(
      '/metrics',
      { ...QUIET, schema: { summary: 'Metrics for Prometheus', response: refusals } },
      async (_request, reply) => {
        const registry = await metrics.registry()
        reply.type(registry.contentType)
        return registry.metrics()
      },
    )
    app.get(
      '/info',
      { schema: { summary: 'What this process is', response: { 200: InfoSchema, ...refusals } } },
      async (): Promise<Info> => ({
        service: identity.service,
        version: identity.version,
        pod: identity.pod,
        startedAt,
        node: process.version,
        mesh: await mesh.read(),
        config: settings as unknown as Record<string, unknown>,
      }),
    )
    app.get('/openapi.json', { schema: { summary: 'This description', response: refusals } }, openapi)
  })
  void admin.register(controlRoutes, { runtime })
  return admin
}
