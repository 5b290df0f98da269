import type { FastifyPluginAsync } from 'fastify'
import type { ServiceRuntime } from '../runtime.ts'
import { bodyParsers } from '../server/body-parsers.ts'
import { addFaultRoutes } from './fault-routes.ts'
import { addReadyRoute } from './ready-route.ts'

/** The routes that change the process from outside. They need FAULT_INJECTION=enabled. */
export const controlRoutes: FastifyPluginAsync<{ runtime: ServiceRuntime }> = async (app, { runtime }) => {
  await app.register(bodyParsers)
  // The content type that `curl -d` sends by default.
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body)
  })
  addFaultRoutes(app, runtime)
  addReadyRoute(app, runtime)
}
