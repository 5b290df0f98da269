import { type Message, partsOfPlainMessage } from '@linkerd-scenario/contract'

/** What a service answers: the message alone, and the whole as JSON text. */
export interface Answer {
  message: string
  /** A `Message` of the contract. */
  json: string
}

/** An answer with one hop. */
export function answerOf(message: string, ownHop: string): Answer {
  return { message, json: `{"message":${JSON.stringify(message)},"hops":[${ownHop}]}` }
}

/** An answer with one hop whose message needs no escapes in JSON. */
export function plainAnswerOf(message: string, ownHop: string): Answer {
  return { message, json: `{"message":"${message}","hops":[${ownHop}]}` }
}

/** Puts a hop before the one of a plain message, whose text is then not read and written again. */
export function withHopBeforePlain(ownHop: string, text: string): Answer {
  const { message, hopsAt } = partsOfPlainMessage(text)
  return { message, json: `${text.slice(0, hopsAt)}${ownHop},${text.slice(hopsAt)}` }
}

/** Puts a hop before those of any message. */
export function withHopBefore(ownHop: string, { message, hops }: Message): Answer {
  return answerOf(message, [ownHop, ...hops.map((hop) => JSON.stringify(hop))].join(','))
}
