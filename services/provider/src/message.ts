import { type Answer, answerOf, type Identity, type MessageInput, ownHopWriter } from '@linkerd-scenario/service-kit'
import type { FastifyRequest } from 'fastify'

/** The provider's whole business: it says which version it is, repeats the text, and tells of itself. */
export function answerAs(identity: Identity): (input: MessageInput, request: FastifyRequest) => Answer {
  const greeting = `I'm version: ${identity.version}`
  const ownHop = ownHopWriter(identity)
  return ({ text, wantsHeaders }, request) =>
    answerOf(text === undefined || text === '' ? greeting : `${greeting}: ${text}`, ownHop(request, wantsHeaders))
}
