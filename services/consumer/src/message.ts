import {
  type Answer,
  commaList,
  type MessageInput,
  ownHopWriter,
  propagator,
  type ServiceRuntime,
  withHopBefore,
} from '@linkerd-scenario/service-kit'
import type { FastifyRequest } from 'fastify'
import type { ConsumerConfig } from './config.ts'
import { callProvider } from './upstream/call-provider.ts'
import type { ProviderClient } from './upstream/provider-client.ts'

/** The consumer's whole business: it asks the provider the same, and puts its own hop before the provider's. */
export function relayTo(
  client: ProviderClient,
  { identity, metrics, settings }: ServiceRuntime<ConsumerConfig>,
): (input: MessageInput, request: FastifyRequest) => Promise<Answer> {
  const propagate = propagator(commaList(settings.PROPAGATE_HEADERS))
  const ownHop = ownHopWriter(identity)
  return async (input, request) => {
    const outcome = await callProvider(
      client,
      metrics,
      { ...input, requestId: request.id, headers: propagate(request.headers) },
      (cancel) => request.exchange.whenCallerGone(cancel),
    )
    if (outcome.message === undefined || outcome.text === undefined) throw outcome.error
    return withHopBefore(ownHop(request, input.wantsHeaders), outcome.message, outcome.text)
  }
}
