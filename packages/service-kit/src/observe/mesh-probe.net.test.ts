import { httpAnswer, type Misbehaviour, misbehavingUpstream } from '@linkerd-scenario/test-kit/misbehaving-upstream'
import { afterEach, expect, test, vi } from 'vitest'
import { MeshProbe } from './mesh-probe.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const ready: Misbehaviour = (socket) => socket.write(httpAnswer(200, {}, 'ready\n'))

test('a proxy that says it is ready is seen, and since when', async () => {
  await using proxy = await misbehavingUpstream(ready)
  const before = Date.now()
  const { meshed, since } = await new MeshProbe(proxy.port).read()
  expect(meshed).toBe(true)
  expect(Date.parse(since ?? '')).toBeGreaterThanOrEqual(before)
})

test.each<[string, Misbehaviour]>([
  ['a proxy that is not ready', (socket) => socket.write(httpAnswer(503, {}, 'not ready\n'))],
  ['another program', (socket) => socket.write(httpAnswer(200, {}, '<html>ready</html>'))],
  ['a program that never stops', (socket) => socket.write(httpAnswer(200, {}, 'ready'.repeat(100_000)))],
  ['half an answer', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nrea')],
  ['no HTTP', (socket) => socket.end('ready\n')],
  ['a reset', (socket) => socket.resetAndDestroy()],
  ['silence', () => {}],
  [
    'an answer that drips',
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n')
      const drip = setInterval(() => socket.write(' '), 100)
      socket.once('close', () => clearInterval(drip))
    },
  ],
])('%s is not a mesh, which is known within a second', async (_name, behave) => {
  await using proxy = await misbehavingUpstream(behave)
  const startedAt = performance.now()
  expect(await new MeshProbe(proxy.port).read()).toEqual({ meshed: false, since: null })
  expect(performance.now() - startedAt).toBeLessThan(1500)
})

test('a proxy that was too busy to answer in time is found at the next reading', async () => {
  let isBusy = true
  await using proxy = await misbehavingUpstream((socket) => {
    if (!isBusy) ready(socket, '')
  })
  const probe = new MeshProbe(proxy.port)
  expect(await probe.read()).toEqual({ meshed: false, since: null })
  isBusy = false
  expect(await probe.read()).toMatchObject({ meshed: true })
})

test('the proxy is asked again after five seconds only, and a proxy that is gone is forgotten', async () => {
  let now = performance.now()
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const proxy = await misbehavingUpstream(ready)
  const probe = new MeshProbe(proxy.port)
  const first = await probe.read()
  await Promise.all([probe.read(), probe.read()])
  now += 4000
  expect(await probe.read()).toEqual(first)
  expect(proxy.accepted()).toBe(1)
  now += 2000
  expect(await probe.read()).toEqual(first)
  expect(proxy.accepted()).toBe(2)
  await proxy.close()
  now += 6000
  expect(await probe.read()).toEqual({ meshed: false, since: null })
})
