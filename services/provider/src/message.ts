import { answerOf, type Identity, type MessageRouteOptions, ownHopWriter } from '@linkerd-scenario/service-kit'

/** The provider's whole business: it says which version it is, repeats the text, and tells of itself. */
export function answerAs(identity: Identity): MessageRouteOptions['answer'] {
  const greeting = `I'm version: ${identity.version}`
  const ownHop = ownHopWriter(identity)
  return ({ text, wantsHeaders }, request, respond) => {
    const message = text === undefined || text === '' ? greeting : `${greeting}: ${text}`
    respond(answerOf(message, ownHop(request, wantsHeaders)))
  }
}
