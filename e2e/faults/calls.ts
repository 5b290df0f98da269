import type { Message, Problem } from '@linkerd-scenario/contract'

export interface Call {
  status: number
  body: Message & Problem
  headers: Headers
  ms: number
}

/** Calls a service and reads its whole answer. */
export async function call(url: string, headers: Record<string, string> = {}): Promise<Call> {
  const startedAt = performance.now()
  const response = await fetch(url, { headers })
  const body = (await response.json()) as Message & Problem
  return { status: response.status, body, headers: response.headers, ms: performance.now() - startedAt }
}

/**
 * Calls `url` for `durationMs` with `concurrency` concurrent calls, all with one request id, so that the memory of
 * attempts does not grow. Rejects if a call gets no complete answer.
 */
export async function callFor(url: string, durationMs: number, concurrency: number): Promise<Call[]> {
  const until = performance.now() + durationMs
  const calls: Call[] = []
  const work = async () => {
    while (performance.now() < until) calls.push(await call(url, { 'x-request-id': 'load' }))
  }
  await Promise.all(Array.from({ length: concurrency }, work))
  return calls
}

/** How many items have each value of `key`. */
export function countBy<Item>(items: readonly Item[], key: (item: Item) => string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const item of items) counts[key(item)] = (counts[key(item)] ?? 0) + 1
  return counts
}
