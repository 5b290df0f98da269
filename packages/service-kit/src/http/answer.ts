import type { Message } from '@linkerd-scenario/contract'

/** What a service answers: the message alone, and the whole as JSON text. */
export interface Answer {
  message: string
  /** A `Message` of the contract. */
  json: string
}

/** Where the hops begin in JSON text. A text within it cannot hold this: its quotes are escaped. */
const HOPS = '"hops":['
const BEFORE_MESSAGE = '{"message":"'.length

/** An answer with one hop. */
export function answerOf(message: string, ownHop: string): Answer {
  return { message, json: `{"message":${JSON.stringify(message)},"hops":[${ownHop}]}` }
}

/**
 * Puts a hop before those of an upstream's answer. `text` is the JSON text that `upstream` was read from: where it has
 * the form in which the services write, the hop goes into the text, which then need not be written again.
 */
export function withHopBefore(ownHop: string, upstream: Message, text: string): Answer {
  const { message } = upstream
  const at = text.indexOf(HOPS)
  // A message without escapes, then at once the hops, nothing else of that name, and nothing else at the top.
  const isPlain =
    at === BEFORE_MESSAGE + message.length + '",'.length &&
    text.startsWith('{"message":"') &&
    text.lastIndexOf(HOPS) === at &&
    upstream.hops.length > 0 &&
    Object.keys(upstream).length === 2
  if (!isPlain) {
    const hops = upstream.hops.map((hop) => JSON.stringify(hop))
    return answerOf(message, [ownHop, ...hops].join(','))
  }
  const hops = at + HOPS.length
  return { message, json: `${text.slice(0, hops)}${ownHop},${text.slice(hops)}` }
}
