import { LIVE_LIMITS, LIVE_PATHS, type Problem } from '@linkerd-scenario/contract'
import { kitErrorTable, PROBLEM_TYPE_PREFIX } from '@linkerd-scenario/service-kit'
import {
  type InProcessOptions,
  type InProcessService,
  startConsumer,
  startProvider,
} from '@linkerd-scenario/test-kit/in-process'
import { httpAnswer, type Misbehaviour, misbehavingUpstream } from '@linkerd-scenario/test-kit/misbehaving-upstream'
import { RawConnection, rawExchange } from '@linkerd-scenario/test-kit/raw-http'
import { spawnSlowProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { describe, expect, test } from 'vitest'
import { consumerErrorTable } from '../../services/consumer/src/errors.ts'

const FAULTS: InProcessOptions = { env: { FAULT_INJECTION: 'enabled' } }

type Provocation = () => Promise<Problem>

/** The provider's problem answer to these bytes. */
function sending(bytes: string, options: InProcessOptions = {}, port: (p: InProcessService) => number = (p) => p.port) {
  return async (): Promise<Problem> => {
    await using provider = await startProvider(options)
    const [answer] = await rawExchange(port(provider), bytes)
    return JSON.parse(answer?.body ?? '') as Problem
  }
}

/** The consumer's problem answer with this upstream. */
function before(behave: Misbehaviour, isGone = false): Provocation {
  return async () => {
    await using upstream = await misbehavingUpstream(behave)
    if (isGone) await upstream.close()
    await using consumer = await startConsumer(upstream.port, { env: { UPSTREAM_TIMEOUT_MS: '200' } })
    return (await (await fetch(consumer.url)).json()) as Problem
  }
}

const get = (path: string, more = '') => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${more}\r\n`
const post = (more: string, body = '') =>
  `POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`

/** How to provoke each row of the kit's table: the type requires that none is left out. */
const kit: Record<keyof typeof kitErrorTable, Provocation> = {
  BAD_REQUEST: sending('no HTTP\r\n\r\n'),
  INVALID_INPUT: sending(post('Content-Type: application/json\r\n', '{')),
  INVALID_FAULT: sending(get('/', 'X-Fault: nonsense\r\n'), FAULTS),
  FAULTS_DISABLED: sending(get('/faults').replace('GET', 'PUT'), {}, (p) => p.adminPort),
  FAULT_INJECTED: sending(get('/', 'X-Fault: status;code=503\r\n'), FAULTS),
  FOREIGN_REQUEST: sending(get('/livez', 'Sec-Fetch-Site: cross-site\r\n'), {}, (p) => p.adminPort),
  NOT_FOUND: sending(get('/nothing')),
  METHOD_NOT_ALLOWED: sending('DELETE / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
  REQUEST_TIMEOUT: sending('GET / HTTP/1.1\r\n', { limits: { headersTimeoutMs: 100, requestTimeoutMs: 200 } }),
  BODY_TOO_LARGE: sending(post('Content-Type: text/plain\r\n', 'xx'), { limits: { bodyBytes: 1 } }),
  UNSUPPORTED_MEDIA_TYPE: sending(post('Content-Type: text/html\r\n', 'x')),
  UNSUPPORTED_ENCODING: sending(post('Content-Type: text/plain\r\nContent-Encoding: gzip\r\n', 'x')),
  EXPECTATION_FAILED: sending(get('/', 'Expect: nothing\r\n')),
  HEADERS_TOO_LARGE: sending(get('/', `X-Long: ${'x'.repeat(20_000)}\r\n`)),
  INTERNAL: sending(get('/throw'), {
    extend: (api) => {
      api.get('/throw', async () => {
        throw new Error('secret')
      })
    },
  }),
  OVERLOADED: async () => {
    await using provider = await spawnSlowProvider()
    await fetch(`${provider.adminUrl}/block?ms=2500`)
    const shed = await until(
      async () => {
        const answer = await fetch(provider.url)
        return { status: answer.status, body: (await answer.json()) as Problem }
      },
      ({ status }) => status === 503,
    )
    return shed.body
  },
  TOO_MANY_CONNECTIONS: async () => {
    await using provider = await startProvider({ limits: { connections: 1 } })
    await using first = new RawConnection(provider.port)
    first.send('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    await until(
      () => first.answers.length,
      (n) => n === 1,
    )
    const [answer] = await rawExchange(provider.port, get('/'))
    return JSON.parse(answer?.body ?? '') as Problem
  },
}

const consumer: Record<keyof typeof consumerErrorTable, Provocation> = {
  UPSTREAM_STATUS: before((socket) => socket.write(httpAnswer(502, { 'x-responder': 'provider/v1/test' }))),
  UPSTREAM_UNREACHABLE: before(() => {}, true),
  UPSTREAM_BROKEN: before((socket) => socket.resetAndDestroy()),
  UPSTREAM_INVALID: before((socket) => socket.write(httpAnswer(200, {}))),
  UPSTREAM_TIMEOUT: before(() => {}),
  TOO_MANY_VIEWERS: async () => {
    await using consumer = await startConsumer(1)
    const live = `${consumer.adminUrl}${LIVE_PATHS.stream}`
    for (let viewer = 0; viewer < LIVE_LIMITS.viewers; viewer += 1) expect((await fetch(live)).status).toBe(200)
    return (await (await fetch(live)).json()) as Problem
  },
  PAGE_NOT_BUILT: async () => {
    await using consumer = await startConsumer(1)
    return (await (await fetch(`${consumer.adminUrl}/`)).json()) as Problem
  },
}

const rows = [
  ...Object.entries(kit).map(([code, provoke]) => ({ code, provoke, row: kitErrorTable[code as keyof typeof kit] })),
  ...Object.entries(consumer).map(([code, provoke]) => ({
    code,
    provoke,
    row: consumerErrorTable[code as keyof typeof consumer],
  })),
]

describe('each row of the error tables is an answer that a caller can get', () => {
  test('none is left out', () => {
    const codes = [...Object.keys(kitErrorTable), ...Object.keys(consumerErrorTable)]
    expect(codes.length).toBeGreaterThan(15)
    expect(rows.map(({ code }) => code).toSorted()).toEqual(codes.toSorted())
  })

  test.each(rows)('$code', async ({ code, provoke, row }) => {
    const problem = await provoke()
    expect(problem).toMatchObject({ type: PROBLEM_TYPE_PREFIX + code, status: row.status, title: row.title })
    expect(JSON.stringify(problem)).not.toContain('secret')
  })
})
