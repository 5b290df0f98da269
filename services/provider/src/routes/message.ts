import { answerWith, type Identity, messageRoute, ownHop, readInput, represent } from '@linkerd-scenario/service-kit'
import type { FastifyPluginAsync } from 'fastify'

/** `GET /` and `POST /`: answers the version and the caller's text, with the provider's hop. */
export const messageRoutes: FastifyPluginAsync<{ identity: Identity }> = async (app, { identity }) => {
  const greeting = `I'm version: ${identity.version}`
  await app.register(messageRoute, {
    summary: "The provider's message",
    handler(request, reply) {
      const { text, wantsHeaders } = readInput(request)
      const message = text === undefined || text === '' ? greeting : `${greeting}: ${text}`
      return represent(answerWith(message, ownHop(identity, request, 200, wantsHeaders)), request, reply)
    },
  })
}
