import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { open, raw, startFaultedService } from '@linkerd-scenario/test-kit/faulted-service'
import { expect, test, vi } from 'vitest'

test('hang and delay end when the client leaves, without a timer or a listener left', async () => {
  await using service = await startFaultedService()
  const { port, held, handled, cut } = service
  const clients = ['hang', 'delay;ms=600000'].map((fault) => open(port, fault))
  await vi.waitUntil(() => held.size === 2, { timeout: 5000 })
  for (const client of clients) client.socket.destroy()
  await vi.waitUntil(() => held.size === 0, { timeout: 5000 })
  expect([handled(), cut()]).toEqual([0, 0])
})

test('a release closes hanging requests without an answer, and delayed requests keep their whole delay', async () => {
  await using service = await startFaultedService()
  const { port, held, cut } = service
  const hanging = raw(port, 'hang')
  const delayed = raw(port, 'delay;ms=700')
  await vi.waitUntil(() => held.size === 2, { timeout: 5000 })
  held.releaseEndless()
  expect(await hanging).toMatchObject({ head: '', error: undefined })
  const { head, ms } = await delayed
  expect(head).toMatch(/^HTTP\/1.1 200 /)
  expect(ms).toBeGreaterThanOrEqual(699)
  expect(await raw(port, 'hang')).toMatchObject({ head: '', error: undefined })
  await vi.waitUntil(() => cut() === 2, { timeout: 5000 })
})

test('a hanging request does not prevent the server from closing', async () => {
  await using service = await startFaultedService()
  const { port, held } = service
  const hanging = raw(port, 'hang')
  await vi.waitUntil(() => held.size === 1, { timeout: 5000 })
  await service.app.close()
  expect(await hanging).toMatchObject({ head: '' })
})

test('a connection that is reused after held requests collects no listeners', async () => {
  await using service = await startFaultedService()
  const { port } = service
  const warnings: Error[] = []
  const note = (warning: Error) => warnings.push(warning)
  process.on('warning', note)
  const socket = connect(port, '127.0.0.1')
  let answers = 0
  socket.on('data', (chunk) => {
    answers += chunk.toString('latin1').split('HTTP/1.1 200').length - 1
  })
  const [server] = await Promise.all([once(service.app.server, 'connection'), once(socket, 'connect')])
  const listeners: number[] = []
  for (let i = 1; i <= 30; i += 1) {
    socket.write('GET / HTTP/1.1\r\nhost: provider\r\nx-fault: delay;ms=1\r\n\r\n')
    await vi.waitUntil(() => answers === i, { timeout: 5000, interval: 5 })
    listeners.push((server[0] as Socket).listenerCount('close'))
  }
  process.off('warning', note)
  expect(new Set(listeners.slice(1)).size).toBe(1)
  expect(warnings).toEqual([])
})
