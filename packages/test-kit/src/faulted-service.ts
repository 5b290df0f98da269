import type { AddressInfo } from 'node:net'
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
import { createRuntime, type ServiceRuntime } from '../../service-kit/src/runtime.ts'
import { createServer } from '../../service-kit/src/server/create-server.ts'
import { RawConnection } from './raw-http.ts'

export const MESSAGE = { message: "I'm version: v1: ü", hops: [{ service: 'provider' }] }
export const BODY = JSON.stringify(MESSAGE)

const HEAD_END = '\r\n\r\n'

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
  const lines: { msg: string }[] = []
  const runtime = runtimeOf(enabled, variable, (line) => void lines.push(JSON.parse(line) as { msg: string }))
  const held = new HeldRequests()
  const injected: Fault[] = []
  runtime.metrics.faultInjected = (fault) => void injected.push(fault)
  let handled = 0
  const app = createServer(runtime)
  app.get('/livez', async () => ({ status: 'ok' }))
  await app.register(async (api) => {
    await api.register(injectFaults, { runtime, held })
    const handler = async () => {
      handled += 1
      return MESSAGE
    }
    api.route({ method: ['GET', 'POST'], url: '/', handler })
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

function runtimeOf(enabled: boolean, variable: string, write: (line: string) => void): ServiceRuntime {
  const settings = readConfig(Type.Object(commonSettings), {
    FAULT_SEED: 'net',
    ...(enabled ? { FAULT_INJECTION: 'enabled' } : {}),
    ...(variable === '' ? {} : { FAULT: variable }),
  })
  const identity = identify('provider', 'v1')
  return createRuntime({ identity, settings, logger: createLogger(identity, 'info', { write }) })
}

/** What came on a connection. */
export interface Raw {
  /** Status line and headers; '' if not a byte came. */
  head: string
  body: Buffer
  /** The code of the error that ended the connection. */
  error: string | undefined
  ms: number
}

interface RawRequest {
  method?: string
  path?: string
  body?: string
}

/** Sends one request on a connection of its own, and returns what came until the connection ended. */
export async function raw(port: number, fault: string | undefined, request: RawRequest = {}): Promise<Raw> {
  const startedAt = performance.now()
  const connection = open(port, fault, request)
  await connection.closed
  const ms = performance.now() - startedAt
  const { bytes, errorCode: error } = connection
  const headEnd = bytes.includes(HEAD_END) ? bytes.indexOf(HEAD_END) : bytes.length
  const body = bytes.subarray(headEnd + HEAD_END.length)
  return { head: bytes.subarray(0, headEnd).toString(), body, error, ms }
}

/** Sends one request, and returns its connection. */
export function open(
  port: number,
  fault: string | undefined,
  { method = 'GET', path = '/', body = '' }: RawRequest = {},
): RawConnection {
  const connection = new RawConnection(port)
  const lines = [`${method} ${path} HTTP/1.1`, 'host: provider', 'connection: close']
  if (fault !== undefined) lines.push(`x-fault: ${fault}`)
  if (body !== '') lines.push('content-type: application/json', `content-length: ${body.length}`)
  connection.send(`${lines.join('\r\n')}${HEAD_END}${body}`)
  return connection
}

/** The announced length of the body. */
export const lengthOf = ({ head }: Raw) => Number(/content-length: (\d+)/i.exec(head)?.[1])
