import type { FastifyInstance } from 'fastify'
import type { ServiceRuntime } from '../runtime.ts'
import type { ServiceServers } from '../service-servers.ts'

interface Document {
  paths?: Record<string, object>
}

/**
 * The OpenAPI document of both ports, from the schemas of the routes. It builds the servers a second time, with the
 * plugin that collects their routes, so that a process pays for the plugin only when this is called.
 */
export async function buildOpenApi<Runtime extends ServiceRuntime>(
  runtime: Runtime,
  build: (runtime: Runtime) => ServiceServers,
): Promise<object> {
  const { default: swagger } = await import('@fastify/swagger')
  const { service, version } = runtime.identity
  const info = { title: service, version }
  const beforeRoutes = (app: FastifyInstance) => void app.register(swagger, { openapi: { openapi: '3.1.0', info } })
  const { api, buildAdmin } = build({ ...runtime, beforeRoutes })
  const admin = buildAdmin()
  try {
    await Promise.all([api.ready(), admin.ready()])
    return merge(api.swagger() as Document, admin.swagger() as Document)
  } finally {
    await Promise.all([api.close(), admin.close()])
  }
}

// One document for two ports: a tag marks the paths of the admin port.
function merge(api: Document, admin: Document): object {
  const adminPaths = Object.entries(admin.paths ?? {}).map(([path, operations]) => [path, tagged(operations)] as const)
  return { ...api, paths: { ...api.paths, ...Object.fromEntries(adminPaths) } }
}

function tagged(operations: object): object {
  return Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => [method, { ...operation, tags: ['admin port'] }]),
  )
}
