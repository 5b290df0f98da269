import {
  commaList,
  messageRoute,
  ownHop,
  prependHop,
  propagator,
  readInput,
  represent,
  type ServiceRuntime,
} from '@linkerd-scenario/service-kit'
import type { FastifyPluginAsync } from 'fastify'
import type { ConsumerConfig } from '../config.ts'
import type { ProviderClient } from '../upstream/provider-client.ts'

export interface MessageRoutesOptions {
  provider: ProviderClient
  runtime: ServiceRuntime<ConsumerConfig>
}

/** `GET /` and `POST /`: calls the provider with the same input, and puts the consumer's hop before the provider's. */
export const messageRoutes: FastifyPluginAsync<MessageRoutesOptions> = async (app, { provider, runtime }) => {
  const { identity, settings } = runtime
  const propagate = propagator(commaList(settings.PROPAGATE_HEADERS))
  await app.register(messageRoute, {
    summary: "The provider's message",
    async handler(request, reply) {
      const input = readInput(request)
      const { id: requestId, exchange } = request
      const call = { ...input, requestId, headers: propagate(request.headers), tracer: exchange.span }
      const { error, message } = await provider.call(call, exchange)
      if (error !== undefined) throw error
      return represent(prependHop(ownHop(identity, request, 200, input.wantsHeaders), message), request, reply)
    },
  })
}
