import {
  JSON_CONTENT_TYPE,
  type MessageBody,
  MessageBodySchema,
  type MessageQuery,
  MessageQuerySchema,
  MessageSchema,
} from '@linkerd-scenario/contract'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import { Type } from 'typebox'
import { ProblemError } from '../errors/define-errors.ts'
import { problemResponses } from '../errors/problem-responses.ts'
import type { Answer } from '../exchange/answer.ts'
import { bodyParsers } from './body-parsers.ts'

export interface MessageInput {
  method: 'GET' | 'POST'
  /** The caller's text; undefined where it sent none. */
  text: string | undefined
  /** Whether each hop shall show the request headers it received. */
  wantsHeaders: boolean
  /** The body as it came, where it is a plain one: its text needs no escapes in JSON. */
  plainBody?: Buffer | undefined
}

export interface MessageRouteOptions {
  summary: string
  /** Calls `respond` once, at once or later; not at all where the caller has left. */
  answer: (input: MessageInput, request: FastifyRequest, respond: (answer: Answer | ProblemError) => void) => void
}

interface MessageRequest {
  Querystring: MessageQuery
  Body: MessageBody | string | undefined
}

const response = {
  200: {
    description: 'The message and its hops, or with Accept: text/plain the message alone',
    content: { [JSON_CONTENT_TYPE]: { schema: MessageSchema }, 'text/plain': { schema: Type.String() } },
  },
  ...problemResponses,
}

/** `GET /` and `POST /` as both services have them: read the input, answer with the message and its hops, or the message alone. */
export const messageRoute: FastifyPluginAsync<MessageRouteOptions> = async (app, { summary, answer }) => {
  await app.register(bodyParsers)

  app.get<MessageRequest>('/', { schema: { summary, querystring: MessageQuerySchema, response } }, (request, reply) => {
    const { in: text, headers = false } = request.query
    return respond({ method: 'GET', text, wantsHeaders: headers }, request, reply)
  })

  const body = {
    content: { [JSON_CONTENT_TYPE]: { schema: MessageBodySchema }, 'text/plain': { schema: Type.String() } },
  }
  app.post<MessageRequest>(
    '/',
    { schema: { summary, querystring: MessageQuerySchema, body, response } },
    (request, reply) => {
      const { in: queryText, headers = false } = request.query
      const text = textOf(request.body) ?? queryText
      return respond({ method: 'POST', text, wantsHeaders: headers, plainBody: request.plainBody }, request, reply)
    },
  )

  // No promise: Fastify then has none to wait for.
  function respond(input: MessageInput, request: FastifyRequest, reply: FastifyReply): void {
    answer(input, request, (answered) => {
      if (answered instanceof ProblemError) reply.send(answered)
      else send(answered, request, reply)
    })
  }
}

function send({ message, json }: Answer, request: FastifyRequest, reply: FastifyReply): void {
  if (request.exchange.isOver) reply.hijack()
  else if (prefersText(request)) reply.header('vary', 'accept').type('text/plain; charset=utf-8').send(message)
  else reply.header('vary', 'accept').header('content-type', JSON_CONTENT_TYPE).send(json)
}

function textOf(body: MessageBody | string | undefined): string | undefined {
  return typeof body === 'object' ? body.in : body
}

function prefersText(request: FastifyRequest): boolean {
  const { accept } = request.headers
  // Most callers take anything: they need no negotiation.
  if (accept === undefined || accept === '*/*' || !/text\//i.test(accept)) return false
  return new Negotiator(request.raw).mediaType([JSON_CONTENT_TYPE, 'text/plain']) === 'text/plain'
}
