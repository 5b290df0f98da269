import {
  HEADER,
  type Message,
  MessageSchema,
  type Origin,
  ProblemSchema,
  parseResponder,
} from '@linkerd-scenario/contract'
import type { ProblemError } from '@linkerd-scenario/service-kit'
import { Compile } from 'typebox/compile'
import { consumerErrors } from '../errors.ts'
import type { ProviderAnswer } from './provider-answer.ts'

const message = Compile(MessageSchema)
const problem = Compile(ProblemSchema)

/** Who made an answer: without x-responder, or with l5d-proxy-error, it was a proxy. */
export interface Maker {
  origin: Extract<Origin, 'provider' | 'mesh'>
  proxy?: 'inbound' | 'outbound'
  proxyError?: string
}

/** Only the caller's own proxy sets l5d-proxy-error: it strips the header from whatever a peer sends. */
export function makerOf(answer: ProviderAnswer): Maker {
  const proxyError = headerOf(answer, HEADER.proxyError)
  if (proxyError !== undefined) return { origin: 'mesh', proxy: 'outbound', proxyError }
  if (parseResponder(headerOf(answer, HEADER.responder)) === undefined) return { origin: 'mesh', proxy: 'inbound' }
  return { origin: 'provider' }
}

/** The provider's message. Throws a ProblemError that says who made the answer, where it is another one. */
export function readAnswer(answer: ProviderAnswer): Message {
  const maker = makerOf(answer)
  const body = parse(answer.body)
  if (answer.status >= 400) throw upstreamStatus(answer, maker, body)
  if (answer.status === 200 && maker.origin === 'provider' && message.Check(body)) return body
  throw consumerErrors.UPSTREAM_INVALID({
    ...maker,
    detail: `The answer with status ${answer.status} is no message of a provider`,
  })
}

function upstreamStatus(answer: ProviderAnswer, maker: Maker, body: unknown): ProblemError {
  const { status } = answer
  const retryAfter = headerOf(answer, 'retry-after')
  const told = maker.origin === 'provider' && problem.Check(body) ? body : undefined
  return consumerErrors.UPSTREAM_STATUS({
    ...maker,
    status,
    detail: told?.detail ?? `${maker.origin === 'mesh' ? 'A proxy' : 'The provider'} answered with status ${status}`,
    ...(told?.title === undefined ? {} : { title: told.title }),
    ...(told?.hops === undefined ? {} : { hops: told.hops }),
    ...(retryAfter === undefined ? {} : { headers: { 'retry-after': retryAfter } }),
  })
}

function headerOf({ headers }: ProviderAnswer, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
