import { HEADER, type Hop, type Message, MessageSchema } from '@linkerd-scenario/contract'
import type { FastifyRequest } from 'fastify'
import type { Identity } from '../identity.ts'
import { schemaCheck } from '../server/validator.ts'

const MASKED = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie'])

/** What a service answers: the message alone, and the whole `Message` of the contract as JSON text. */
export interface Answer {
  message: string
  json: string
}

/** The hop of this service, in an answer with the given status. */
export function ownHop(identity: Identity, request: FastifyRequest, status: number, wantsHeaders: boolean): Hop {
  const caller = request.headers[HEADER.clientId]
  const hop: Hop = {
    service: identity.service,
    version: identity.version,
    pod: identity.pod,
    caller: typeof caller === 'string' ? caller : null,
    attempt: request.exchange.attempt,
    status,
    durationMs: Math.round(request.exchange.elapsedMs() * 1000) / 1000,
  }
  if (wantsHeaders) hop.headers = headerPairs(request.raw.rawHeaders)
  return hop
}

/** The answer of the last service on the way: its message and its hop. */
export function answerWith(message: string, hop: Hop): Answer {
  return { message, json: JSON.stringify({ message, hops: [hop] }) }
}

/** The answer of a service in between: what it received, with its own hop first. */
export function prependHop(hop: Hop, received: ReceivedMessage): Answer {
  return received.prepend(JSON.stringify(hop))
}

const isMessage = schemaCheck(MessageSchema)

// A `Message` with one hop as our provider writes it: no escapes, no headers.
const TEXT = '[^"\\\\\\u0000-\\u001f]*'
const WHOLE = '[1-9]\\d{0,8}'
const HOP = `"service":"${TEXT}","version":"${TEXT}","pod":"${TEXT}","caller":(?:null|"${TEXT}"),"attempt":${WHOLE},"status":${WHOLE},"durationMs":(?:0|${WHOLE})(?:\\.\\d{1,9})?`
const USUAL_FORM = new RegExp(`^\\{"message":"${TEXT}","hops":\\[\\{${HOP}\\}\\]\\}$`)
const BEFORE_MESSAGE = '{"message":"'
const BEFORE_HOPS = '","hops":['

/**
 * A `Message` as the JSON text that was received. Text in the usual form is passed on without being parsed and written
 * again: see docs/adr/0005-passing-the-answer-on.md.
 */
export class ReceivedMessage {
  readonly #text: string
  #parsed: Message | undefined

  private constructor(text: string, parsed?: Message) {
    this.#text = text
    this.#parsed = parsed
  }

  /** The message in `text`; undefined if it is not one. */
  static read(text: string): ReceivedMessage | undefined {
    if (USUAL_FORM.test(text)) return new ReceivedMessage(text)
    const value = parsed(text)
    return isMessage(value) ? new ReceivedMessage(text, value) : undefined
  }

  get value(): Message {
    this.#parsed ??= JSON.parse(this.#text) as Message
    return this.#parsed
  }

  /** The message with a hop, given as JSON text, before the others. */
  prepend(hop: string): Answer {
    if (this.#parsed !== undefined) {
      const { message, hops } = this.#parsed
      const all = [hop, ...hops.map((one) => JSON.stringify(one))].join(',')
      return { message, json: `{"message":${JSON.stringify(message)},"hops":[${all}]}` }
    }
    const end = this.#text.indexOf('"', BEFORE_MESSAGE.length)
    const hopsAt = end + BEFORE_HOPS.length
    const json = `${this.#text.slice(0, hopsAt)}${hop},${this.#text.slice(hopsAt)}`
    return { message: this.#text.slice(BEFORE_MESSAGE.length, end), json }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Node's flat list of raw headers as pairs, in the order in which they came, credentials masked. */
export function headerPairs(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    pairs.push([name, MASKED.has(name.toLowerCase()) ? '***' : (rawHeaders[i + 1] ?? '')])
  }
  return pairs
}
