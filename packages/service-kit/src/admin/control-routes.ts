import {
  type Fault,
  FaultStateSchema,
  FaultSyntaxError,
  FaultsSchema,
  FaultValueError,
  formatFaults,
  JSON_CONTENT_TYPE,
  ProblemSchema,
  parseFaults,
  ReadinessSchema,
  readFaults,
} from '@linkerd-scenario/contract'
import type { FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import { kitErrors } from '../errors/kit-errors.ts'
import type { ServiceRuntime } from '../runtime.ts'
import { bodyParsers } from '../server/body-parsers.ts'

// Validated by readFaults, whose messages are clearer than those of a union schema.
const asItIs = () => (value: unknown) => ({ value })

/** `GET|PUT|DELETE /faults` and `PUT /ready`: they change the process, and need FAULT_INJECTION=enabled. */
export const controlRoutes: FastifyPluginAsync<{ runtime: ServiceRuntime }> = async (app, { runtime }) => {
  const { faults, readiness, logger } = runtime
  await app.register(bodyParsers)
  // The content type that `curl -d` sends by default.
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body)
  })

  const state = () => ({
    enabled: faults.enabled,
    seed: faults.seed,
    admin: { text: formatFaults(faults.admin), faults: faults.admin },
    variable: { text: formatFaults(faults.variable), faults: faults.variable },
  })
  const response = { 200: FaultStateSchema, '4xx': ProblemSchema }

  app.get('/faults', { schema: { summary: 'The faults of this process', response } }, state)

  app.put(
    '/faults',
    {
      schema: {
        summary: 'Sets the faults of this process, until changed',
        body: { content: { 'text/plain': { schema: Type.String() }, [JSON_CONTENT_TYPE]: { schema: FaultsSchema } } },
        response,
      },
      validatorCompiler: asItIs,
    },
    async ({ body }) => {
      refuseUnlessEnabled()
      faults.setAdmin(faultsOf(body))
      logger.warn({ fault: formatFaults(faults.admin) }, 'faults were set')
      return state()
    },
  )

  app.delete('/faults', { schema: { summary: 'Removes the faults that PUT /faults set', response } }, async () => {
    refuseUnlessEnabled()
    faults.setAdmin([])
    logger.warn('faults were removed')
    return state()
  })

  app.put<{ Body: { ready: boolean } }>(
    '/ready',
    {
      // `curl -d` sends JSON with a form's content type, so the body is parsed here and then validated.
      preValidation: async (request) => {
        if (typeof request.body === 'string') request.body = parsed(request.body) as { ready: boolean }
      },
      schema: {
        summary: 'Takes this process out of service discovery, and back',
        body: Type.Object({ ready: Type.Boolean() }),
        response: { 200: ReadinessSchema, '4xx': ProblemSchema },
      },
    },
    async ({ body }) => {
      refuseUnlessEnabled()
      readiness.switch(body.ready)
      logger.warn({ ready: body.ready }, 'readiness was switched')
      return { status: readiness.status }
    },
  )

  function refuseUnlessEnabled(): void {
    if (!faults.enabled) {
      throw kitErrors.FAULTS_DISABLED({ detail: 'Start this process with FAULT_INJECTION=enabled to use this' })
    }
  }
}

/** Parses JSON. Text that is not JSON is returned unchanged, and the schema then refuses it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function faultsOf(body: unknown): Fault[] {
  try {
    if (typeof body === 'string') return parseFaults(body)
    return body === undefined || body === null ? parseFaults('') : readFaults(body)
  } catch (error) {
    if (!(error instanceof FaultSyntaxError || error instanceof FaultValueError)) throw error
    throw kitErrors.INVALID_FAULT({ detail: error.message })
  }
}
