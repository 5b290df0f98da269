import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Fault } from '@linkerd-scenario/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { readConfig } from '../../service-kit/src/config/read-config.ts'
import { commonSettings } from '../../service-kit/src/config/settings.ts'
import type { FaultStore } from '../../service-kit/src/faults/fault-store.ts'
import { HeldRequests } from '../../service-kit/src/faults/held-requests.ts'
import { injectFaults } from '../../service-kit/src/faults/inject-faults.ts'
import { identify } from '../../service-kit/src/identity.ts'
import { createLogger } from '../../service-kit/src/observe/logger.ts'
import { createRuntime } from '../../service-kit/src/runtime.ts'
import { createServer } from '../../service-kit/src/server/create-server.ts'

export const MESSAGE = { message: "I'm version: v1: ü", hops: [{ service: 'provider' }] }
export const BODY = JSON.stringify(MESSAGE)

/** A server with one route, whose faults and requests are watched. */
export interface FaultedService extends AsyncDisposable {
  app: FastifyInstance
  store: FaultStore
  held: HeldRequests
  port: number
  injected: Fault[]
  /** How often the handler ran. */
  handled: () => number
  /** How many connections a fault ended. */
  cut: () => number
}

/** Starts a server whose route at `/` has faults, and whose `/livez` has none. */
export async function startFaultedService({ enabled = true, variable = '' } = {}): Promise<FaultedService> {
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
  runtime.metrics.faultInjected = (fault) => void injected.push(fault)
  let handled = 0
  const app = createServer(runtime)
  app.get('/livez', async () => ({ status: 'ok' }))
  await app.register(async (api) => {
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
  await app.listen({ port: 0, host: '127.0.0.1' })
  const close = async () => {
    app.httpServers.closeAllConnections()
    await app.close()
  }
  return {
    app,
    [Symbol.asyncDispose]: close,
    store: runtime.faults,
    held,
    cut: () => lines.filter(({ msg }) => msg === 'a fault cut the connection').length,
    port: (app.server.address() as AddressInfo).port,
    injected,
    handled: () => handled,
  }
}

/** What came on a connection. */
export interface Raw {
  bytes: string
  error: string | undefined
  ms: number
}

/** Sends one request on a connection of its own and reads what comes until the connection ends. */
export async function raw(
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

/** Sends one request, and returns its connection. */
export function open(port: number, fault: string | undefined, method = 'GET', path = '/', body = ''): Socket {
  const socket = connect(port, '127.0.0.1')
  const lines = [`${method} ${path} HTTP/1.1`, 'host: provider', 'connection: close']
  if (fault !== undefined) lines.push(`x-fault: ${fault}`)
  if (body !== '') lines.push('content-type: application/json', `content-length: ${body.length}`)
  socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
  return socket
}

export const bodyOf = ({ bytes }: Raw) => bytes.slice(bytes.indexOf('\r\n\r\n') + 4)
export const lengthOf = ({ bytes }: Raw) => Number(/content-length: (\d+)/i.exec(bytes)?.[1])
