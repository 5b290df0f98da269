import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'

export interface DrainOptions {
  /** How long the server goes on taking requests, ms. */
  delayMs: number
  /** How long it then waits for the requests in flight, ms. */
  timeoutMs: number
}

const SWEEP_INTERVAL_MS = 25

/**
 * Goes on serving for `delayMs`, stops accepting, and waits for what is in flight. Returns how many connections had to
 * be cut after `timeoutMs`: 0 when every request had its answer.
 *
 * `app.close()` alone closes the connections that are idle when it begins: one whose request was in flight then would
 * hold the process for the whole keep-alive time (fastify#7044). Hence the sweep.
 */
export async function drain(app: FastifyInstance, { delayMs, timeoutMs }: DrainOptions): Promise<number> {
  await sleep(delayMs)
  let cut = 0
  const sweep = setInterval(() => app.httpServers.closeIdleConnections(), SWEEP_INTERVAL_MS)
  const deadline = setTimeout(() => {
    cut = app.httpServers.countConnections()
    app.httpServers.closeAllConnections()
  }, timeoutMs)
  try {
    await app.close()
  } finally {
    clearInterval(sweep)
    clearTimeout(deadline)
  }
  return cut
}
