import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { grpcReceiver, httpReceiver } from '@linkerd-scenario/test-kit/otlp-receiver'
import { afterEach, expect, test, vi } from 'vitest'
import { Exchange } from '../exchange/exchange.ts'
import { identify } from '../identity.ts'
import { createLogger } from './logger.ts'
import type { Tracing } from './tracing.ts'
import { createTracing } from './tracing-sdk.ts'

const QUEUE = 2048
const START = { method: 'GET', url: '/', ip: '127.0.0.1' }

afterEach(() => vi.unstubAllEnvs())

test.each([
  ['http/protobuf', httpReceiver],
  ['grpc', grpcReceiver],
] as const)('memory stays bounded where the collector never answers, over %s', async (_protocol, start) => {
  await using receiver = await start('hangs')
  // The exporter reads the process's own environment.
  for (const [name, value] of Object.entries(receiver.env)) vi.stubEnv(name, value)
  const identity = identify('provider', 'v1')
  const lines: string[] = []
  const logger = createLogger(identity, 'info', { write: (line) => void lines.push(line) })
  const tracing = await createTracing(process.env, identity, logger)

  const before = heapBytes()
  await makeSpans(tracing, 2 * QUEUE)
  const full = heapBytes()
  await makeSpans(tracing, 20 * QUEUE)
  // Of the spans that were dropped nothing is left: kept, they would take ten times what the full queue does.
  expect(heapBytes() - full).toBeLessThan((full - before) / 2)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('spans cannot be exported')
  await tracing.shutdown(0)
})

async function makeSpans(tracing: Tracing, count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) {
    const exchange = new Exchange(`request-${n}`, 1)
    exchange.status = 200
    tracing.beginRequest({ ...START, headers: { 'user-agent': `agent ${n}` } })?.end(exchange, '/')
    if (n % 100 === 0) await nextTurn()
  }
}

/** What is in use on the heap after a whole collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  collectGarbage()
  return process.memoryUsage().heapUsed
}
