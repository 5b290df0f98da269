import type { Message } from '@linkerd-scenario/contract'
import { type Identity, type MessageInput, ownHop } from '@linkerd-scenario/service-kit'
import type { FastifyRequest } from 'fastify'

/** The provider's whole business: it says which version it is, repeats the text, and tells of itself. */
export function answerAs(identity: Identity): (input: MessageInput, request: FastifyRequest) => Message {
  const greeting = `I'm version: ${identity.version}`
  return ({ text, wantsHeaders }, request) => ({
    message: text === undefined || text === '' ? greeting : `${greeting}: ${text}`,
    hops: [ownHop(identity, request, 200, wantsHeaders)],
  })
}
