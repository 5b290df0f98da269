import { randomUUID } from 'node:crypto'
import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { HEADER, PROBLEM_CONTENT_TYPE } from '@linkerd-scenario/contract'
import type { FastifyBaseLogger } from 'fastify'
import type { ProblemError } from '../errors/define-errors.ts'
import { kitErrors } from '../errors/kit-errors.ts'
import { problemBody } from '../errors/problem-body.ts'
import type { Identity } from '../service.ts'

/** Told of each request that Node's parser refused. */
export type RefusalObserver = (status: number, errorCode: string) => void

/**
 * Answers what never became a request: the bytes are no HTTP (400), the headers are too large (431), or they or the
 * body came too slowly (408). Written by hand, because there is no response object at this point.
 */
export function clientErrorHandler(identity: Identity, log: FastifyBaseLogger, observe: RefusalObserver) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    // The caller went away or its answer is under way already: nothing can be said any more.
    if (error.code === 'ECONNRESET' || !socket.writable || answerHasBegun(socket)) {
      socket.destroy()
      return
    }
    const problem = refusal(error)
    const requestId = randomUUID()
    const body = JSON.stringify(problemBody(problem, requestId, identity.service))
    observe(problem.status, problem.code)
    log.debug({ err: error, request_id: requestId }, 'the connection carried no readable request')
    socket.end(
      [
        `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
        `content-type: ${PROBLEM_CONTENT_TYPE}`,
        `content-length: ${Buffer.byteLength(body)}`,
        `${HEADER.responder}: ${identity.responder}`,
        `${HEADER.requestId}: ${requestId}`,
        'connection: close',
        '',
        body,
      ].join('\r\n'),
    )
  }
}

// Node keeps the response under way here, and its own default handler asks the same.
function answerHasBegun(socket: Socket & { _httpMessage?: ServerResponse | null }): boolean {
  return socket._httpMessage?.headersSent ?? false
}

function refusal(error: NodeJS.ErrnoException): ProblemError {
  if (error.code === 'HPE_HEADER_OVERFLOW') return kitErrors.HEADERS_TOO_LARGE({ cause: error })
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return kitErrors.REQUEST_TIMEOUT({ cause: error })
  return kitErrors.BAD_REQUEST({ detail: error.message, cause: error })
}
