import {
  answerOf,
  type Identity,
  type MessageRouteOptions,
  ownHopWriter,
  plainAnswerOf,
} from '@linkerd-scenario/service-kit'

/** The provider's whole business: it says which version it is, repeats the text, and tells of itself. */
export function answerAs(identity: Identity): MessageRouteOptions['answer'] {
  const greeting = `I'm version: ${identity.version}`
  const isPlainGreeting = JSON.stringify(greeting) === `"${greeting}"`
  const ownHop = ownHopWriter(identity)
  return ({ text, wantsHeaders, plainBody }, request, respond) => {
    const message = text === undefined || text === '' ? greeting : `${greeting}: ${text}`
    const hop = ownHop(request, wantsHeaders)
    respond(isPlainGreeting && plainBody !== undefined ? plainAnswerOf(message, hop) : answerOf(message, hop))
  }
}
