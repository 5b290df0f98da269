import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Fault } from '@linkerd-scenario/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { afterEach, expect, test, vi } from 'vitest'
import { readConfig } from '../config/read-config.ts'
import { commonSettings } from '../config/settings.ts'
import { identify } from '../identity.ts'
import { createLogger } from '../observe/logger.ts'
import { createRuntime } from '../runtime.ts'
import { createServer } from '../server/create-server.ts'
import type { FaultStore } from './fault-store.ts'
import { HeldRequests } from './held-requests.ts'
import { injectFaults } from './inject-faults.ts'

const MESSAGE = { message: "I'm version: v1: ü", hops: [{ service: 'provider' }] }
const BODY = JSON.stringify(MESSAGE)

let app: FastifyInstance | undefined
const sockets = new Set<Socket>()

afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  sockets.clear()
  await app?.close()
})

interface Service {
  store: FaultStore
  held: HeldRequests
  port: number
  injected: Fault[]
  /** How often the handler ran. */
  handled: () => number
  /** How many connections a fault ended. */
  cut: () => number
}

async function serve({ enabled = true, variable = '' } = {}): Promise<Service> {
  const settings = readConfig(Type.Object(commonSettings), {
    FAULT_SEED: 'net',
    ...(enabled ? { FAULT_INJECTION: 'enabled' } : {}),
    ...(variable === '' ? {} : { FAULT: variable }),
  })
  const lines: { msg: string }[] = []
  const write = (line: string) => void lines.push(JSON.parse(line) as { msg: string })
  const identity = identify('provider', 'v1')
  const runtime = createRuntime({ identity, settings, logger: createLogger(identity, 'info', { write }) })
  const held = new HeldRequests()
  const injected: Fault[] = []
  vi.spyOn(runtime.metrics, 'faultInjected').mockImplementation((fault) => void injected.push(fault))
  let handled = 0
  const server = createServer(runtime)
  app = server
  server.get('/livez', async () => ({ status: 'ok' }))
  await server.register(async (api) => {
    await api.register(injectFaults, { runtime, held })
    api.route({
      method: ['GET', 'POST'],
      url: '/',
      handler: async () => {
        handled += 1
        return MESSAGE
      },
    })
  })
  await server.listen({ port: 0, host: '127.0.0.1' })
  return {
    store: runtime.faults,
    held,
    cut: () => lines.filter(({ msg }) => msg === 'a fault cut the connection').length,
    port: (server.server.address() as AddressInfo).port,
    injected,
    handled: () => handled,
  }
}

interface Raw {
  bytes: string
  error: string | undefined
  ms: number
}

/** Sends one request on a connection of its own and reads what comes until the connection ends. */
async function raw(
  port: number,
  fault: string | undefined,
  { method = 'GET', path = '/', body = '' } = {},
): Promise<Raw> {
  const startedAt = performance.now()
  const socket = open(port, fault, method, path, body)
  let bytes = ''
  let error: string | undefined
  socket.on('data', (chunk) => {
    bytes += chunk.toString('latin1')
  })
  socket.on('error', ({ code }: NodeJS.ErrnoException) => {
    error = code
  })
  await new Promise((resolve) => socket.once('close', resolve))
  return { bytes, error, ms: performance.now() - startedAt }
}

function open(port: number, fault: string | undefined, method = 'GET', path = '/', body = ''): Socket {
  const socket = connect(port, '127.0.0.1')
  sockets.add(socket)
  const lines = [`${method} ${path} HTTP/1.1`, 'host: provider', 'connection: close']
  if (fault !== undefined) lines.push(`x-fault: ${fault}`)
  if (body !== '') lines.push('content-type: application/json', `content-length: ${body.length}`)
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  return socket
}

const bodyOf = ({ bytes }: Raw) => bytes.slice(bytes.indexOf('\r\n\r\n') + 4)
const lengthOf = ({ bytes }: Raw) => Number(/content-length: (\d+)/i.exec(bytes)?.[1])

test('without a fault the service answers', async () => {
  const { port, injected } = await serve()
  const answer = await raw(port, undefined)
  expect(answer.error).toBeUndefined()
  expect(bodyOf(answer)).toBe(Buffer.from(BODY).toString('latin1'))
  expect(injected).toEqual([])
})

test('reset is a real RST before any byte, also to a POST', async () => {
  const { port, injected, handled, cut } = await serve()
  for (const request of [{}, { method: 'POST', body: '{"in":"a"}' }]) {
    expect(await raw(port, 'reset', request)).toMatchObject({ bytes: '', error: 'ECONNRESET' })
  }
  expect(injected).toEqual([{ kind: 'reset' }, { kind: 'reset' }])
  expect([handled(), cut()]).toEqual([0, 2])
})

test('close ends the connection in order, without a byte', async () => {
  const { port, handled } = await serve()
  for (const request of [{}, { method: 'POST', body: '{"in":"a"}' }]) {
    expect(await raw(port, 'close', request)).toMatchObject({ bytes: '', error: undefined })
  }
  expect(handled()).toBe(0)
})

test('status answers its code through the error handler', async () => {
  const { port, injected, handled } = await serve()
  expect((await raw(port, 'status;code=429;retry-after=3')).bytes).toMatch(/^HTTP\/1.1 429 /)
  expect(injected).toEqual([{ kind: 'status', code: 429, 'retry-after': 3 }])
  expect(handled()).toBe(0)
})

test.each([0, 10, BODY.length, 5000])('truncate announces the whole body, sends %d bytes and closes', async (bytes) => {
  const { port, injected } = await serve()
  const whole = Buffer.from(BODY)
  const answer = await raw(port, `truncate;bytes=${bytes}`)
  expect(answer.error).toBeUndefined()
  expect(answer.bytes).toMatch(/^HTTP\/1.1 200 /)
  expect(lengthOf(answer)).toBe(whole.length)
  expect(bodyOf(answer)).toBe(whole.subarray(0, bytes).toString('latin1'))
  expect(injected).toEqual([{ kind: 'truncate', bytes }])
})

test('a client of the platform sees the truncated answer as a failure', async () => {
  const { port } = await serve()
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-fault': 'truncate;bytes=5' } })
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow('terminated')
})

test('size fills the answer up to its bytes, and it is the same JSON', async () => {
  const { port } = await serve()
  for (const bytes of [100, 100_000, 10 * 1024 * 1024]) {
    const answer = await raw(port, `size;bytes=${bytes}`)
    expect(lengthOf(answer)).toBe(bytes)
    expect(bodyOf(answer)).toHaveLength(bytes)
    expect(JSON.parse(Buffer.from(bodyOf(answer), 'latin1').toString())).toEqual(MESSAGE)
  }
  const small = await raw(port, 'size;bytes=1')
  expect(lengthOf(small)).toBe(Buffer.byteLength(BODY))
})

test('size and truncate shape one answer together', async () => {
  const { port } = await serve()
  const answer = await raw(port, 'truncate;bytes=150000, size;bytes=200000')
  expect([lengthOf(answer), bodyOf(answer).length]).toEqual([200_000, 150_000])
})

test('HEAD tells the true length and is not cut', async () => {
  const { port, injected } = await serve()
  const answer = await raw(port, 'truncate;bytes=1', { method: 'HEAD' })
  expect([lengthOf(answer), bodyOf(answer)]).toEqual([Buffer.byteLength(BODY), ''])
  expect(injected).toEqual([])
})

test('delay waits, then the service answers; several delays add up', async () => {
  const { port, injected } = await serve()
  const answer = await raw(port, 'delay;ms=150, delay;ms=100;max=150')
  expect(answer.bytes).toMatch(/^HTTP\/1.1 200 /)
  expect(answer.ms).toBeGreaterThanOrEqual(249)
  expect(answer.ms).toBeLessThan(1500)
  expect(injected).toHaveLength(2)
})

test('a delay comes before the fault that ends the request', async () => {
  const { port } = await serve()
  const answer = await raw(port, 'reset, delay;ms=200')
  expect(answer).toMatchObject({ bytes: '', error: 'ECONNRESET' })
  expect(answer.ms).toBeGreaterThanOrEqual(199)
})

test('hang and delay are let go when the client leaves, and leave no timer and no listener', async () => {
  const { port, held, handled, cut } = await serve()
  const clients = ['hang', 'delay;ms=600000'].map((fault) => open(port, fault))
  await vi.waitUntil(() => held.size === 2, { timeout: 5000 })
  for (const client of clients) client.destroy()
  await vi.waitUntil(() => held.size === 0, { timeout: 5000 })
  expect([handled(), cut()]).toEqual([0, 0])
})

test('a release closes what hangs without an answer, and what is delayed keeps its whole delay', async () => {
  const { port, held, cut } = await serve()
  const hanging = raw(port, 'hang')
  const delayed = raw(port, 'delay;ms=700')
  await vi.waitUntil(() => held.size === 2, { timeout: 5000 })
  held.releaseEndless()
  expect(await hanging).toMatchObject({ bytes: '', error: undefined })
  const { bytes, ms } = await delayed
  expect(bytes).toMatch(/^HTTP\/1.1 200 /)
  expect(ms).toBeGreaterThanOrEqual(699)
  expect(await raw(port, 'hang')).toMatchObject({ bytes: '', error: undefined })
  await vi.waitUntil(() => cut() === 2, { timeout: 5000 })
})

test('a hung request does not keep the server from closing', async () => {
  const { port, held } = await serve()
  const hanging = raw(port, 'hang')
  await vi.waitUntil(() => held.size === 1, { timeout: 5000 })
  await app?.close()
  expect(await hanging).toMatchObject({ bytes: '' })
})

test('a connection is used again after held requests without collecting listeners', async () => {
  const { port } = await serve()
  const warnings: Error[] = []
  const note = (warning: Error) => warnings.push(warning)
  process.on('warning', note)
  const socket = connect(port, '127.0.0.1')
  sockets.add(socket)
  let answers = 0
  socket.on('data', (chunk) => {
    answers += chunk.toString('latin1').split('HTTP/1.1 200').length - 1
  })
  const [server] = await Promise.all([once(app?.server as NodeJS.EventEmitter, 'connection'), once(socket, 'connect')])
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

test('a header that is not a list of faults is 400 with the position, and nothing of it happens', async () => {
  const { port, injected, handled } = await serve()
  const answer = await raw(port, 'status;code=503, explode')
  expect(answer.bytes).toMatch(/^HTTP\/1.1 400 /)
  expect(bodyOf(answer)).toContain('At position 17')
  expect(injected).toEqual([])
  expect(handled()).toBe(0)
})

test('several x-fault lines are one list', async () => {
  const { port } = await serve()
  const answer = await raw(port, 'delay;ms=1\r\nx-fault: status;code=418')
  expect(answer.bytes).toMatch(/^HTTP\/1.1 418 /)
})

test('other scopes are never faulted', async () => {
  const { port } = await serve({ variable: 'reset' })
  expect((await raw(port, 'reset', { path: '/livez' })).bytes).toMatch(/^HTTP\/1.1 200 /)
  expect(await raw(port, undefined)).toMatchObject({ error: 'ECONNRESET' })
})

test('where faults are not enabled the header is not even read', async () => {
  const { port, store } = await serve({ enabled: false })
  const plan = vi.spyOn(store, 'plan')
  for (const fault of ['reset', 'no list;;']) {
    expect((await raw(port, fault)).bytes).toMatch(/^HTTP\/1.1 200 /)
  }
  expect(plan).not.toHaveBeenCalled()
})
