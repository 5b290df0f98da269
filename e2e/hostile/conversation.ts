import { parseAnswers, RawConnection } from '@linkerd-scenario/test-kit/raw-http'
import { requestBytes, type Seed } from './corpus.ts'
import { broken, mutated } from './mutate.ts'
import { insanity } from './sane-answer.ts'

/** The outcome of the requests on one connection. */
export interface Conversation {
  sent: number
  answers: number
  byStatus: Record<string, number>
  /** Failures that no hostile request may cause, with the bytes that caused them. */
  objections: string[]
}

/** After these requests the framing of the connection is lost, or its answers can no longer be told apart. */
const ENDS_CONNECTION = /^(smuggle|connect|head|http-1\.0)/

/** Bytes of several hostile requests, pipelined; only the last may break the framing. */
export function hostileBytes(corpus: readonly Seed[], random: () => number): { bytes: string; count: number } {
  const framed = corpus.filter(({ name }) => !ENDS_CONNECTION.test(name))
  const requests: string[] = []
  for (let left = Math.floor(random() * 32); left > 0; left -= 1) {
    const seed = mutated(framed[Math.floor(random() * framed.length)] as Seed, random)
    if (!seed.requestLine.startsWith('HEAD ')) requests.push(requestBytes(seed))
  }
  const last = corpus[Math.floor(random() * corpus.length)] as Seed
  requests.push(random() < 0.5 ? broken(last, random) : requestBytes(last))
  return { bytes: requests.join(''), count: requests.length }
}

/** Sends the bytes, half-closes the connection, and judges all answers until the service has closed it. */
export async function converse(
  port: number,
  { bytes, count }: { bytes: string; count: number },
): Promise<Conversation> {
  await using connection = new RawConnection(port)
  connection.socket.end(Buffer.from(bytes, 'latin1'))
  const deadline = setTimeout(() => connection.socket.destroy(new Error('deadline')), 30_000)
  await connection.closed
  clearTimeout(deadline)
  const answers = parseAnswers(connection.bytes).filter(({ status }) => status !== 100)
  const byStatus: Record<string, number> = {}
  for (const { status } of answers) byStatus[status] = (byStatus[status] ?? 0) + 1
  const objections = answers.map(insanity).filter((objection) => objection !== undefined)
  if (connection.socket.errored?.message === 'deadline')
    objections.push(`no end within 30 s on port ${port}, which answered ${answers.length} of ${count}`)
  return {
    sent: count,
    answers: answers.length,
    byStatus,
    objections: objections.map((text) => `${text} after ${JSON.stringify(bytes)}`),
  }
}
