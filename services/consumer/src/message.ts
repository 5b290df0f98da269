import {
  commaList,
  type MessageRouteOptions,
  ownHopWriter,
  propagator,
  type ServiceRuntime,
  withHopBefore,
  withHopBeforePlain,
} from '@linkerd-scenario/service-kit'
import type { ConsumerConfig } from './config.ts'
import { callProvider } from './upstream/call-provider.ts'
import type { ProviderClient } from './upstream/provider-client.ts'

/** The consumer's whole business: it asks the provider the same, and puts its own hop before the provider's. */
export function relayTo(
  client: ProviderClient,
  { identity, metrics, settings }: ServiceRuntime<ConsumerConfig>,
): MessageRouteOptions['answer'] {
  const propagate = propagator(commaList(settings.PROPAGATE_HEADERS))
  const ownHop = ownHopWriter(identity)
  return ({ method, text, wantsHeaders, plainBody }, request, respond) => {
    const call = { method, text, wantsHeaders, plainBody, requestId: request.id, headers: propagate(request.headers) }
    const cancel = callProvider(client, metrics, call, (outcome) => {
      // Cancelled: there is nobody left to be answered.
      if (outcome === undefined) return
      const { error, message } = outcome
      if (error !== undefined) respond(error)
      else {
        const hop = ownHop(request, wantsHeaders)
        respond(message.isPlain ? withHopBeforePlain(hop, message.text) : withHopBefore(hop, message.parsed))
      }
    })
    request.exchange.whenCallerGone(cancel)
  }
}
