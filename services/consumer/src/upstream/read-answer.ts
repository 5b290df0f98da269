import { HEADER, type Origin, ProblemSchema, RESPONDER } from '@linkerd-scenario/contract'
import { type ProblemError, ReceivedMessage, schemaCheck } from '@linkerd-scenario/service-kit'
import type { ConsumerConfig } from '../config.ts'
import { consumerErrors } from '../errors.ts'
import { envoyText, isOfOwnEnvoy } from './envoy-answer.ts'
import type { ProviderAnswer } from './provider-answer.ts'

const isProblem = schemaCheck(ProblemSchema)

export type TrustedProxy = ConsumerConfig['TRUSTED_PROXY']

/** Who made an answer: without x-responder, or with l5d-proxy-error, it was a proxy. */
export interface Maker {
  origin: Extract<Origin, 'provider' | 'mesh'>
  proxy?: 'inbound' | 'outbound'
  proxyError?: string
}

const PROVIDER: Maker = { origin: 'provider' }
const INBOUND_PROXY: Maker = { origin: 'mesh', proxy: 'inbound' }

/**
 * Who made an answer. Only the caller's own proxy sets l5d-proxy-error: a Linkerd proxy strips the header from whatever a
 * peer sends. Any other proxy lets it pass, so it says nothing there.
 */
export function makerOf(answer: ProviderAnswer, trusted: TrustedProxy): Maker {
  const proxyError = headerOf(answer, HEADER.proxyError)
  if (proxyError !== undefined && trusted === 'linkerd') return { origin: 'mesh', proxy: 'outbound', proxyError }
  if (RESPONDER.test(headerOf(answer, HEADER.responder) ?? '')) return PROVIDER
  return trusted === 'linkerd' ? INBOUND_PROXY : envoyMaker(answer, trusted)
}

function envoyMaker(answer: ProviderAnswer, trusted: TrustedProxy): Maker {
  const proxyError = envoyText(answer)
  return {
    origin: 'mesh',
    proxy: trusted === 'envoy' && isOfOwnEnvoy(answer) ? 'outbound' : 'inbound',
    ...(proxyError === undefined ? {} : { proxyError }),
  }
}

/** The provider's message, or a problem with its origin if the answer is not a message. */
export function readAnswer(answer: ProviderAnswer, trusted: TrustedProxy): ReceivedMessage | ProblemError {
  const { status, body } = answer
  const maker = makerOf(answer, trusted)
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
  const providerProblem = maker.origin === 'provider' && isProblem(body) ? body : undefined
  return consumerErrors.UPSTREAM_STATUS({
    ...maker,
    status,
    detail:
      providerProblem?.detail ??
      `${maker.origin === 'mesh' ? 'A proxy' : 'The provider'} answered with status ${status}`,
    ...(providerProblem?.title === undefined ? {} : { title: providerProblem.title }),
    ...(providerProblem?.hops === undefined ? {} : { hops: providerProblem.hops }),
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
