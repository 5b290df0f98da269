import {
  buildAdmin,
  buildOpenApi,
  createServer,
  injectFaults,
  overload,
  type ServiceRuntime,
  type ServiceServers,
} from '@linkerd-scenario/service-kit'
import type { FastifyInstance } from 'fastify'
import type { ProviderConfig } from './config.ts'
import { messageRoutes } from './routes/message.ts'

/** Builds the provider's servers without listening. Safe to call many times in one process. */
export function buildApp(runtime: ServiceRuntime<ProviderConfig>): ServiceServers {
  return { api: buildApi(runtime), buildAdmin: () => buildAdmin(runtime, () => buildOpenApi(runtime, buildApp)) }
}

function buildApi(runtime: ServiceRuntime<ProviderConfig>): FastifyInstance {
  const app = createServer(runtime)
  void app.register(async (api) => {
    await api.register(overload, {
      ...runtime.limits,
      onShed: runtime.metrics.requestShed,
      traffic: runtime.requests.public,
    })
    await api.register(injectFaults, { runtime })
    await api.register(messageRoutes, { identity: runtime.identity })
  })
  return app
}
