import { BURST_LIMITS } from '@linkerd-scenario/contract'
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
import { burstRoute } from './burst/burst-route.ts'
import type { ConsumerConfig } from './config.ts'
import { liveRoutes } from './live/live-routes.ts'
import { pageRoutes } from './live/page-routes.ts'
import { messageRoutes } from './routes/message.ts'
import { ProviderClient } from './upstream/provider-client.ts'

/** Builds the consumer's servers without listening. Safe to call many times in one process. */
export function buildApp(runtime: ServiceRuntime<ConsumerConfig>): ServiceServers {
  return { api: buildApi(runtime), buildAdmin: () => buildAdminWithBurst(runtime) }
}

function buildAdminWithBurst(runtime: ServiceRuntime<ConsumerConfig>): FastifyInstance {
  const admin = buildAdmin(runtime, () => buildOpenApi(runtime, buildApp))
  // A separate pool, so that a burst takes no connections from the callers of the public port.
  const client = new ProviderClient(runtime.settings, BURST_LIMITS.concurrency, runtime.metrics)
  admin.addHook('onClose', () => client.close())
  void admin.register(burstRoute, { client, runtime })
  void admin.register(liveRoutes, { runtime })
  void admin.register(pageRoutes, { folder: runtime.settings.LIVE_PAGE_DIR })
  return admin
}

function buildApi(runtime: ServiceRuntime<ConsumerConfig>): FastifyInstance {
  const app = createServer(runtime)
  const provider = new ProviderClient(runtime.settings, runtime.settings.UPSTREAM_CONNECTIONS, runtime.metrics)
  app.addHook('onClose', () => provider.close())
  void app.register(async (api) => {
    await api.register(overload, {
      ...runtime.limits,
      onShed: runtime.metrics.requestShed,
      traffic: runtime.requests.public,
    })
    await api.register(injectFaults, { runtime })
    await api.register(messageRoutes, { provider, runtime })
  })
  return app
}
