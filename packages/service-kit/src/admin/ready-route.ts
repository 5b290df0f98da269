import { ProblemSchema, ReadinessSchema } from '@linkerd-scenario/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import type { ServiceRuntime } from '../runtime.ts'
import { refuseUnlessEnabled } from './fault-routes.ts'

interface ReadyRequest {
  Body: { ready: boolean }
}

const schema = {
  summary: 'Takes this process out of service discovery, and back',
  body: Type.Object({ ready: Type.Boolean() }),
  response: { 200: ReadinessSchema, '4xx': ProblemSchema },
}

/** `PUT /ready`: switches the readiness of this process. */
export function addReadyRoute(app: FastifyInstance, { faults, readiness, logger }: ServiceRuntime): void {
  app.put<ReadyRequest>(
    '/ready',
    {
      schema,
      // `curl -d` sends JSON with a form's content type, so the body is parsed here and then validated.
      preValidation: async (request) => {
        if (typeof request.body === 'string') request.body = parsed(request.body) as ReadyRequest['Body']
      },
    },
    async ({ body }) => {
      refuseUnlessEnabled(faults)
      readiness.switch(body.ready)
      logger.warn({ ready: body.ready }, 'readiness was switched')
      return { status: readiness.status }
    },
  )
}

/** Parses JSON. Text that is not JSON is returned unchanged, and the schema then refuses it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
