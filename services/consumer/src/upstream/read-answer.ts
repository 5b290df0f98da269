import {
  HEADER,
  isPlainMessage,
  type Message,
  MessageSchema,
  type Origin,
  ProblemSchema,
  parseResponder,
} from '@linkerd-scenario/contract'
import { type ProblemError, schemaCheck } from '@linkerd-scenario/service-kit'
import { consumerErrors } from '../errors.ts'
import type { ProviderAnswer } from './provider-answer.ts'

const isMessage = schemaCheck(MessageSchema)
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
  return isResponder(headerOf(answer, HEADER.responder)) ? PROVIDER : INBOUND_PROXY
}

// Most answers come from where the one before came from.
let lastResponder: string | undefined
function isResponder(value: string | undefined): boolean {
  if (value !== undefined && value === lastResponder) return true
  if (parseResponder(value) === undefined) return false
  lastResponder = value
  return true
}

/** A message of the provider, in the JSON text that came. It is read only where somebody wants to see into it. */
export class ProviderMessage {
  readonly text: string
  /** Whether the text has the form of `isPlainMessage`. */
  readonly isPlain: boolean
  #parsed: Message | undefined

  constructor(text: string, parsed?: Message) {
    this.text = text
    this.isPlain = parsed === undefined
    this.#parsed = parsed
  }

  get parsed(): Message {
    this.#parsed ??= JSON.parse(this.text) as Message
    return this.#parsed
  }
}

/**
 * The provider's message; or the problem that says who made the answer, where it is another one. `plainText` is the
 * text that was sent, where it needs no escapes.
 */
export function readAnswer(answer: ProviderAnswer, plainText?: string): ProviderMessage | ProblemError {
  const { status, body: text } = answer
  const maker = makerOf(answer)
  if (status === 200 && maker === PROVIDER && isPlainMessage(text, plainText)) return new ProviderMessage(text)
  const body = parse(text)
  // RFC 9110 §15: what is outside of 100 to 599 is invalid, and could not be passed on either.
  if (status >= 400 && status <= 599) return upstreamStatus(answer, maker, body)
  if (status === 200 && maker === PROVIDER && isMessage(body)) return new ProviderMessage(text, body)
  return consumerErrors.UPSTREAM_INVALID({
    ...maker,
    detail: `The answer with status ${status} is no message of a provider`,
  })
}

function upstreamStatus(answer: ProviderAnswer, maker: Maker, body: unknown): ProblemError {
  const { status } = answer
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
