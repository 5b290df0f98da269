// The table "In each state of the process" in docs/faults.md, one kind at a time.
import { type Answer, KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import { type ServiceProcess, spawnProvider, spawnSlowProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { describe, expect, test } from 'vitest'
import { BODY_BYTES, DELAY_MS, SERVING } from './each-kind.ts'

const FAULTS = { FAULT_INJECTION: 'enabled' }

/** The outcome of one call, in the terms of `SERVING`. */
async function outcome(
  client: KeepAliveClient,
  url: string,
  fault: string,
  patienceMs = DELAY_MS * 2,
): Promise<string> {
  const startedAt = performance.now()
  const answered = client.get(url, { 'x-fault': fault }).then(
    ({ status, body }: Answer) => {
      if (body.length >= BODY_BYTES) return `${status}, ${body.length} bytes`
      return performance.now() - startedAt >= DELAY_MS - 1 ? `${status}, delayed` : String(status)
    },
    () => 'connection broken',
  )
  if (!fault.endsWith('hang')) return await answered
  const patience = new Promise<string>((resolve) => setTimeout(resolve, patienceMs, 'nothing'))
  return await Promise.race([answered, patience])
}

async function outcomes(service: ServiceProcess, client: KeepAliveClient): Promise<Record<string, string>> {
  const calls = Object.keys(SERVING).map(async (fault) => [fault, await outcome(client, service.url, fault)] as const)
  return Object.fromEntries(await Promise.all(calls))
}

async function draining(service: ServiceProcess): Promise<void> {
  await until(
    () => service.logged('draining').length,
    (n) => n === 1,
  )
}

describe('every kind does the same', () => {
  test.each([
    ['starting', { READY_DELAY_MS: '60000' }, async () => {}],
    ['ready', {}, async () => {}],
    [
      'not ready',
      {},
      async (service: ServiceProcess) => {
        const answer = await fetch(`${service.adminUrl}/ready`, { method: 'PUT', body: '{"ready":false}' })
        expect(answer.status).toBe(200)
      },
    ],
    [
      'draining and still accepting (DRAIN_DELAY_MS)',
      { DRAIN_DELAY_MS: '60000' },
      async (service: ServiceProcess) => {
        service.signal('SIGTERM')
        await draining(service)
      },
    ],
  ] as const)('while it is %s', async (_state, env, enter) => {
    await using provider = await spawnProvider({ ...FAULTS, ...env })
    await using client = new KeepAliveClient()
    await enter(provider)
    expect(await outcomes(provider, client)).toEqual(SERVING)
  })
})

test('an overloaded service sheds the request before any fault happens', async () => {
  await using provider = await spawnSlowProvider(FAULTS)
  await using client = new KeepAliveClient()
  await client.get(`${provider.adminUrl}/block?ms=4000`)
  await until(
    () => client.get(provider.url),
    ({ status }) => status === 503,
  )
  for (const fault of Object.keys(SERVING))
    expect([fault, await outcome(client, provider.url, fault)]).toEqual([fault, '503'])
  const { body } = await client.get(`${provider.adminUrl}/metrics`)
  expect(body).not.toMatch(/^faults_injected_total\{/m)
})

test('20 delayed requests of 20 that are in flight at SIGTERM get their whole delay and their answer', async () => {
  await using provider = await spawnProvider(FAULTS)
  await using client = new KeepAliveClient()
  const calls = Array.from({ length: 20 }, () => outcome(client, provider.url, `delay;ms=${DELAY_MS}`))
  await provider.inFlight(20)
  provider.signal('SIGTERM')
  expect(await Promise.all(calls)).toEqual(Array(20).fill('200, delayed'))
  expect(await provider.ended).toEqual({ code: 0, signal: null })
  expect(provider.lines.at(-1)).toMatchObject({ answered: 20, cut: 0 })
})

test('what follows a delay in the drain happens after the whole delay; only what hangs is released', async () => {
  await using provider = await spawnProvider(FAULTS)
  await using client = new KeepAliveClient()
  const faults = Object.keys(SERVING).filter((fault) => !fault.startsWith('delay'))
  const startedAt = performance.now()
  const ends: number[] = []
  const after = faults.map(async (fault) => {
    const seen = await outcome(client, provider.url, `delay;ms=${DELAY_MS}, ${fault}`, 20_000)
    ends.push(performance.now() - startedAt)
    return [fault, seen]
  })
  const hanging = outcome(client, provider.url, 'hang', 20_000)
  await provider.inFlight(faults.length + 1)
  provider.signal('SIGTERM')
  expect(await hanging).toBe('connection broken')
  expect(performance.now() - startedAt).toBeLessThan(Math.min(...ends, Number.POSITIVE_INFINITY))
  expect(Object.fromEntries(await Promise.all(after))).toEqual(
    Object.fromEntries(faults.map((fault) => [fault, afterDelay(SERVING[fault] ?? '')])),
  )
  expect(Math.min(...ends)).toBeGreaterThanOrEqual(DELAY_MS - 1)
  expect(await provider.ended).toEqual({ code: 0, signal: null })
})

/** What a caller sees of a fault behind a delay, in the drain. */
function afterDelay(seen: string): string {
  if (seen === 'nothing') return 'connection broken'
  return /^\d{3}$/.test(seen) ? `${seen}, delayed` : seen
}

test('a delay longer than SHUTDOWN_TIMEOUT_MS is cut, with status 1', async () => {
  await using provider = await spawnProvider({ ...FAULTS, SHUTDOWN_TIMEOUT_MS: '300' })
  await using client = new KeepAliveClient()
  const call = outcome(client, provider.url, 'delay;ms=60000')
  await provider.inFlight(1)
  provider.signal('SIGTERM')
  expect(await call).toBe('connection broken')
  expect(await provider.ended).toEqual({ code: 1, signal: null })
  expect(provider.lines.at(-1)).toMatchObject({ msg: 'stopped, connections were cut', answered: 0, cut: 1 })
})
