import { connect } from 'node:net'
import { HEADER } from '@linkerd-scenario/contract'
import { afterEach, expect, test, vi } from 'vitest'
import { call } from './calls.ts'
import { ObservedService } from './observed-service.ts'

let running: ObservedService | undefined

afterEach(async () => {
  await running?.stop()
  running = undefined
})

const WARNING = 'FAULT INJECTION IS ENABLED: any caller can make this process delay, refuse and break its answers'

test('where faults are disabled the header does nothing and the rest is refused', async () => {
  running = await ObservedService.ready('provider')
  for (const fault of ['reset', 'status;code=503', 'no list;;']) {
    expect((await call(running.url, { [HEADER.fault]: fault })).status).toBe(200)
  }
  const headers = { 'content-type': 'application/json' }
  const refused = [
    await running.setFaults('reset'),
    await fetch(`${running.adminUrl}/faults`, { method: 'DELETE' }),
    await fetch(`${running.adminUrl}/ready`, { method: 'PUT', body: '{"ready":false}', headers }),
  ]
  for (const response of refused) {
    expect(response.status).toBe(403)
    expect(await response.json()).toMatchObject({
      type: 'urn:linkerd-scenario:problem:FAULTS_DISABLED',
      detail: 'Start this process with FAULT_INJECTION=enabled to use this',
    })
  }
  expect(await (await fetch(`${running.adminUrl}/faults`)).json()).toMatchObject({ enabled: false })
  expect((await fetch(`${running.adminUrl}/readyz`)).status).toBe(200)
  expect(running.line(WARNING)).toBeUndefined()
})

test('a process with faults enabled logs a warning', async () => {
  running = await ObservedService.ready('provider', { FAULT_INJECTION: 'enabled', FAULT: 'status;code=503;rate=0.5' })
  expect(running.line(WARNING)).toMatchObject({ level: 'warn', fault: 'status;code=503;rate=0.5' })
  const statuses = new Set<number>()
  await vi.waitUntil(
    async () => {
      statuses.add((await call(running?.url ?? '')).status)
      return statuses.size === 2
    },
    { timeout: 5000, interval: 1 },
  )
  expect(statuses).toEqual(new Set([200, 503]))
})

test.each([
  [{ FAULT: 'reset' }, 'FAULT is set, but faults are disabled: set FAULT_INJECTION=enabled too'],
  [
    { FAULT: 'reset, explode', FAULT_INJECTION: 'enabled' },
    'FAULT is "reset, explode": At position 7: "explode" is no',
  ],
  [{ FAULT_INJECTION: 'yes' }, 'FAULT_INJECTION is "yes": one of disabled, enabled'],
])('%j is not a valid configuration', async (env, problem) => {
  const process = ObservedService.start('provider', env)
  expect(await process.exitCode()).toBe(78)
  expect(process.stderr).toContain(problem)
})

test('requests that hang do not hold the process when it is told to stop', async () => {
  const provider = await ObservedService.ready('provider', { FAULT_INJECTION: 'enabled' })
  const sockets = ['hang', 'delay;ms=1, hang'].map((fault) => {
    const socket = connect(provider.port, '127.0.0.1')
    const received = { text: '', ended: false }
    socket.on('data', (chunk) => {
      received.text += chunk.toString()
    })
    socket.on('close', () => {
      received.ended = true
    })
    socket.write(`GET / HTTP/1.1\r\nhost: provider\r\n${HEADER.fault}: ${fault}\r\n\r\n`)
    return received
  })
  await vi.waitUntil(async () => (await provider.metric('faults_injected_total')) === 3, { timeout: 5000 })
  const startedAt = performance.now()
  expect(await provider.stop()).toBe(0)
  expect(performance.now() - startedAt).toBeLessThan(5000)
  await vi.waitUntil(() => sockets.every(({ ended }) => ended), { timeout: 5000 })
  expect(sockets.map(({ text }) => text)).toEqual(['', ''])
})
