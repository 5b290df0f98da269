import { HEADER, type Origin, ProblemSchema, RESPONDER } from '@linkerd-scenario/contract'
import { type ProblemError, ReceivedMessage, schemaCheck } from '@linkerd-scenario/service-kit'
import { consumerErrors } from '../errors.ts'
import type { ProviderAnswer } from './provider-answer.ts'

const isProblem = schemaCheck(ProblemSchema)

/** Who made an answer: without x-responder, or with l5d-proxy-error, it was a proxy. */
export interface Maker {
  origin: Extract<Origin, 'provider' | 'mesh'>
  proxy?: 'inbound' | 'outbound'
  proxyError?: string
}

const PROVIDER: Maker = { origin: 'provider' }
const INBOUND_PROXY: Maker = { origin: 'mesh', proxy: 'inbound' }

/** Only the caller's own proxy sets l5d-proxy-error: it strips the header from whatever a peer sends. */
export function makerOf(answer: ProviderAnswer): Maker {
  const proxyError = headerOf(answer, HEADER.proxyError)
  if (proxyError !== undefined) return { origin: 'mesh', proxy: 'outbound', proxyError }
  return RESPONDER.test(headerOf(answer, HEADER.responder) ?? '') ? PROVIDER : INBOUND_PROXY
}

/** The provider's message, or a problem with its origin if the answer is not a message. */
export function readAnswer(answer: ProviderAnswer): ReceivedMessage | ProblemError {
  const { status, body } = answer
  const maker = makerOf(answer)
  // RFC 9110 §15: a status outside of 100 to 599 is invalid and cannot be passed on.
  if (status >= 400 && status <= 599) return upstreamStatus(answer, maker)
  const message = status === 200 && maker === PROVIDER ? ReceivedMessage.read(body) : undefined
  if (message !== undefined) return message
  return consumerErrors.UPSTREAM_INVALID({
    ...maker,
    detail: `The answer with status ${status} is not a provider's message`,
  })
}

function upstreamStatus(answer: ProviderAnswer, maker: Maker): ProblemError {
  const { status } = answer
  const body = parse(answer.body)
  const retryAfter = headerOf(answer, 'retry-after')
  const told = maker.origin === 'provider' && isProblem(body) ? body : undefined
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
