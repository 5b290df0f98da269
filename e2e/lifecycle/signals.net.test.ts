import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { spawnSlowProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('a second %s, later than half a second after the first, stops at once', async (signal, code) => {
  await using provider = await spawnSlowProvider({ DRAIN_DELAY_MS: '60000' })
  provider.signal('SIGTERM')
  const draining = await until(
    () => provider.logged('draining')[0],
    (line) => line !== undefined,
  )
  await until(
    () => Date.now() - Date.parse(String(draining?.['time'])),
    (sinceMs) => sinceMs > 600,
  )
  const secondAt = performance.now()
  provider.signal(signal)
  expect(await provider.ended).toEqual({ code, signal: null })
  expect(performance.now() - secondAt).toBeLessThan(5000)
})

test('two signals within half a second, as a shell and its process group send them, are one', async () => {
  await using provider = await spawnSlowProvider({ DRAIN_DELAY_MS: '1000' })
  provider.signal('SIGINT')
  await until(
    () => provider.logged('draining').length,
    (n) => n === 1,
  )
  provider.signal('SIGTERM')
  expect(await provider.ended).toEqual({ code: 0, signal: null })
  expect(provider.logged('second signal: stopped at once')).toEqual([])
})

test('under `timeout`, which signals its child and then the whole group, the drain goes on', async () => {
  const script = fileURLToPath(new URL('../fixtures/slow-provider.ts', import.meta.url))
  const env = { ...process.env, PROVIDER_PORT: '0', HOST: '127.0.0.1', DRAIN_DELAY_MS: '300' }
  const child = spawn('timeout', ['--signal=TERM', '--kill-after=30', '3', process.execPath, script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    // Its own process group, as a shell with job control creates it.
    detached: true,
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  await once(child, 'close')
  expect(output).toContain('stopped, nothing was lost')
  expect(output).not.toContain('second signal')
})
