import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { HEADER, PROBLEM_CONTENT_TYPE } from '@linkerd-scenario/contract'
import type { FastifyBaseLogger } from 'fastify'
import type { ProblemError } from '../errors/define-errors.ts'
import { kitErrors } from '../errors/kit-errors.ts'
import { problemBody } from '../errors/problem-body.ts'
import { type ExchangeObserver, exchangeOf } from '../exchange/exchange.ts'
import { newRequestId } from '../exchange/request-id.ts'
import type { Identity } from '../identity.ts'

/** Grace period before a refused socket is destroyed. A socket that Node has paused never sees the other side's end. */
const LINGER_MS = 1000

/**
 * Answers bytes that are not a whole request: not HTTP (400), headers too large (431), headers or body too slow (408).
 * Writes the answer to the socket, because there is no response object yet.
 */
export function clientErrorHandler(identity: Identity, log: FastifyBaseLogger, observers: readonly ExchangeObserver[]) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    // Node keeps the current response here; its own default handler reads it too.
    const { _httpMessage: response } = socket as Socket & { _httpMessage?: ServerResponse | null }
    // No answer if the caller left, already has part of an answer, or never sent a byte.
    const isSilent = socket.bytesRead === 0
    if (error.code === 'ECONNRESET' || !socket.writable || response?.headersSent || isSilent) {
      socket.destroy()
      return
    }
    const problem = refusal(error)
    const exchange = response ? exchangeOf(response) : undefined
    const requestId = exchange?.requestId ?? newRequestId()
    if (exchange) exchange.refuse(problem, identity.service)
    else for (const observer of observers) observer.refused(problem, requestId, identity.service)
    const body = JSON.stringify(problemBody(problem, requestId, identity.service))
    const linger = setTimeout(() => socket.destroy(), LINGER_MS).unref()
    socket.once('close', () => clearTimeout(linger))
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

function refusal(error: NodeJS.ErrnoException): ProblemError {
  if (error.code === 'HPE_HEADER_OVERFLOW') return kitErrors.HEADERS_TOO_LARGE({ cause: error })
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return kitErrors.REQUEST_TIMEOUT({ cause: error })
  // curl sends such bytes if the URL was typed with letters outside of ASCII.
  const isUnencoded = error.code === 'HPE_INVALID_URL'
  const detail = isUnencoded ? 'The target holds bytes that must be percent-encoded' : error.message
  return kitErrors.BAD_REQUEST({ detail, cause: error })
}
