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
import { problemResponses } from '../errors/problem-responses.ts'
import type { Answer } from '../exchange/hops.ts'
import { bodyParsers } from './body-parsers.ts'

/** The input of a request to either service. */
export interface MessageInput {
  method: 'GET' | 'POST'
  /** The caller's text; undefined if it sent none. */
  text: string | undefined
  /** Whether each hop shows the request headers that it received. */
  wantsHeaders: boolean
}

interface Parts {
  Querystring: MessageQuery
  Body: MessageBody | string | undefined
}

/** A request to `GET /` or `POST /`, validated. */
export type MessageRequest = FastifyRequest<Parts>

export interface MessageRouteOptions {
  summary: string
  /** Answers a request: reads it with `readInput`, and returns the body that `represent` makes. */
  handler: (request: MessageRequest, reply: FastifyReply) => string | Promise<string>
}

const response = {
  200: {
    description: 'The message and its hops, or with Accept: text/plain the message alone',
    content: { [JSON_CONTENT_TYPE]: { schema: MessageSchema }, 'text/plain': { schema: Type.String() } },
  },
  ...problemResponses,
}

const body = {
  content: { [JSON_CONTENT_TYPE]: { schema: MessageBodySchema }, 'text/plain': { schema: Type.String() } },
}

/** `GET /` and `POST /` as both services have them, with their schemas. */
export const messageRoute: FastifyPluginAsync<MessageRouteOptions> = async (app, { summary, handler }) => {
  await app.register(bodyParsers)
  const schema = { summary, querystring: MessageQuerySchema, response }
  app.get<Parts>('/', { schema }, (request, reply) => handler(request as MessageRequest, reply))
  app.post<Parts>('/', { schema: { ...schema, body } }, (request, reply) => handler(request as MessageRequest, reply))
}

/** The input of a request: the text of the body, or without a body that of the query. */
export function readInput({ method, query, body: sent }: MessageRequest): MessageInput {
  const { in: queryText, headers: wantsHeaders = false } = query
  return { method: method === 'POST' ? 'POST' : 'GET', text: textOf(sent) ?? queryText, wantsHeaders }
}

/** The body of an answer in the form that the caller accepts: JSON, or the message alone. Sets the headers of that form. */
export function represent({ message, json }: Answer, request: FastifyRequest, reply: FastifyReply): string {
  const isText = prefersText(request)
  reply.header('vary', 'accept').header('content-type', isText ? 'text/plain; charset=utf-8' : JSON_CONTENT_TYPE)
  return isText ? message : json
}

function textOf(body: MessageBody | string | undefined): string | undefined {
  return typeof body === 'object' ? body.in : body
}

function prefersText(request: FastifyRequest): boolean {
  const { accept } = request.headers
  // Most callers accept anything.
  if (accept === undefined || accept === '*/*' || !/text\//i.test(accept)) return false
  return new Negotiator(request.raw).mediaType([JSON_CONTENT_TYPE, 'text/plain']) === 'text/plain'
}
