import { PROBLEM_CONTENT_TYPE } from '@linkerd-scenario/contract'
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { ownHop } from '../exchange/hops.ts'
import type { Identity } from '../identity.ts'
import { kitErrors } from './kit-errors.ts'
import { problemBody } from './problem-body.ts'
import { toProblem } from './to-problem.ts'

export interface ProblemDetailsOptions {
  identity: Identity
  logger: FastifyBaseLogger
  /** Whether problems list the hops. */
  withHops: boolean
}

/** Answers an error as a problem (RFC 9457) and notes it in the request's record. */
export function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { identity, logger, withHops }: ProblemDetailsOptions,
): void {
  // The caller has left, so nobody reads an answer. The error is only a consequence of that.
  if (request.exchange.isOver) return
  const problem = toProblem(error)
  const own = withHops ? [ownHop(identity, request, problem.status, wantsHeaders(request))] : []
  const body = problemBody(problem, request.id, identity.service, own)
  request.exchange.errorCode = problem.code
  request.exchange.origin = body.origin
  if (problem.code === 'INTERNAL') logger.error({ err: error, request_id: request.id }, 'the service failed')
  else if (problem.cause) logger.debug({ err: problem, request_id: request.id }, 'the request failed')
  reply
    .code(problem.status)
    .headers(problem.options.headers ?? {})
    .type(PROBLEM_CONTENT_TYPE)
    .serializer(JSON.stringify)
    .send(body)
}

/** Answers every error, unknown path (404) and known path with another method (405 with Allow) as a problem. */
export const problemDetails = fp<ProblemDetailsOptions>(
  async (app, options) => {
    const { service } = options.identity
    app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, options))
    app.setNotFoundHandler((request, reply) => {
      const path = request.url.split('?', 1)[0] ?? '/'
      const allowed = allowedMethods(app, path)
      const problem =
        allowed.length === 0
          ? kitErrors.NOT_FOUND({ detail: `${service} has nothing at ${path}` })
          : kitErrors.METHOD_NOT_ALLOWED({
              detail: `${path} takes ${allowed.join(', ')}, not ${request.method}`,
              headers: { allow: allowed.join(', ') },
            })
      sendProblem(problem, request, reply, options)
    })
  },
  { name: 'problem-details', fastify: '5.x', dependencies: ['exchange'] },
)

function allowedMethods(app: FastifyInstance, url: string): string[] {
  return app.supportedMethods.filter((method) => app.findRoute({ method, url }) !== null)
}

// Read by hand: the query of a refused request may not have been validated.
function wantsHeaders({ query }: FastifyRequest): boolean {
  const { headers } = (query ?? {}) as { headers?: unknown }
  return headers === true || headers === 'true'
}
