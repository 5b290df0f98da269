import {
  buildAdmin,
  createServer,
  describe,
  injectFaults,
  messageRoute,
  overload,
  type ServiceRuntime,
  type ServiceServers,
} from '@linkerd-scenario/service-kit'
import type { FastifyInstance } from 'fastify'
import type { ProviderConfig } from './config.ts'
import { answerAs } from './message.ts'

/** Builds the provider's servers without listening. Safe to call many times in one process. */
export function buildApp(runtime: ServiceRuntime<ProviderConfig>): ServiceServers {
  return { api: buildApi(runtime), buildAdmin: () => buildAdmin(runtime, () => describe(runtime, buildApp)) }
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
    await api.register(messageRoute, { summary: "The provider's message", answer: answerAs(runtime.identity) })
  })
  return app
}
