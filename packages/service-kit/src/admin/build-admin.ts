import { type Info, InfoSchema } from '@linkerd-scenario/contract'
import type { FastifyInstance } from 'fastify'
import type { ServiceRuntime } from '../runtime.ts'
import { createServer } from '../server/create-server.ts'
import { controlRoutes } from './control-routes.ts'
import { foreignRequests } from './foreign-requests.ts'
import { addProbeRoutes, QUIET, refusals } from './probe-routes.ts'

/**
 * The admin server of a process: probes, metrics, info, controls and the OpenAPI description that `openapi` makes.
 * Its requests are never faulted, and shed only above the limit of connections.
 */
export function buildAdmin(runtime: ServiceRuntime, openapi: () => Promise<object>): FastifyInstance {
  const admin = createServer(runtime, { isAdmin: true })
  void admin.register(foreignRequests, { hosts: runtime.hosts })
  void admin.register(async (app) => {
    addProbeRoutes(app, runtime.readiness)
    addMetricsRoute(app, runtime.metrics)
    addInfoRoute(app, runtime)
    app.get('/openapi.json', { schema: { summary: 'This description', response: refusals } }, openapi)
  })
  void admin.register(controlRoutes, { runtime })
  return admin
}

function addMetricsRoute(app: FastifyInstance, metrics: ServiceRuntime['metrics']): void {
  const schema = { summary: 'Metrics for Prometheus', response: refusals }
  app.get('/metrics', { ...QUIET, schema }, async (_request, reply) => {
    const registry = await metrics.registry()
    reply.type(registry.contentType)
    return registry.metrics()
  })
}

function addInfoRoute(app: FastifyInstance, { identity, mesh, settings, startedAt }: ServiceRuntime): void {
  const schema = { summary: 'What this process is', response: { 200: InfoSchema, ...refusals } }
  app.get(
    '/info',
    { schema },
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
}
