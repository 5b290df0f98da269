import { type InProcessService, startConsumer, startProvider } from '@linkerd-scenario/test-kit/in-process'
import { RawConnection } from '@linkerd-scenario/test-kit/raw-http'
import { beforeAll, expect, test } from 'vitest'
import { demandPrometheus, promtool } from './prometheus.ts'

beforeAll(demandPrometheus)

const env = { FAULT_INJECTION: 'enabled' }
const page = async (adminUrl: string) => await (await fetch(`${adminUrl}/metrics`)).text()

/** What this project counts. Node's own series are few, but come and go with what the process does. */
async function ownSeries(adminUrl: string): Promise<string[]> {
  const series = (await page(adminUrl)).split('\n').map((line) => line.replace(/ \S+$/, ''))
  return series.filter((name) => /^(http|faults|build)_/.test(name))
}

test('promtool finds nothing to say about the pages of both services, whose ports have traffic', async () => {
  await using provider = await startProvider({ env })
  await using consumer = await startConsumer(provider.port, { env })
  for (const fault of ['', 'status;code=503', 'delay;ms=1;at=consumer'])
    await (await fetch(consumer.url, { headers: { 'x-fault': fault } })).text()
  await (await fetch(`${consumer.adminUrl}/burst?n=5`, { method: 'POST' })).text()
  for (const { adminUrl } of [provider, consumer]) {
    await fetch(`${adminUrl}/faults`, { method: 'PUT', body: 'delay;ms=1;at=provider, delay;ms=1;at=consumer' })
    await (await fetch(`${adminUrl}/nothing-here`)).text()
    const text = await page(adminUrl)
    expect(text).toContain('http_server_request_duration_seconds_count')
    expect(text).toMatch(/^faults_armed\{.*} 1$/m)
    expect(promtool(['check', 'metrics'], text)).toEqual({ code: 0, output: '' })
  }
})

/** Request line and one header, with values of the client's own. */
const HOSTILE: ((n: number) => readonly [line: string, header: string])[] = [
  (n) => [`GET /path-${n}`, 'X-A: b'],
  (n) => [`GET /?in=${n}`, `l5d-client-id: client-${n}.demo`],
  (n) => [`GET http://host-${n}/`, `Forwarded: for=${n}`],
  (n) => [`PROPFIND /${n}`, 'X-A: b'],
  (n) => [`METHOD${n} /`, 'X-A: b'],
  (n) => [`POST /?${n}`, `Content-Type: text/kind-${n}`],
  (n) => ['GET /', `x-request-id: id-${n}`],
  (n) => ['GET /', `x-route: route-${n}`],
  (n) => ['GET /', `x-responder: service-${n}/v${n}/pod-${n}`],
  (n) => ['GET /', `traceparent: 00-${String(n).padStart(32, '1')}-1111111111111111-01`],
  // The grammar of faults bounds the statuses. A place that does not exist is none of a label's values.
  (n) => ['GET /', `x-fault: status;code=${500 + (n % 4)}`],
  (n) => ['GET /', `x-fault: status;code=${600 + n}`],
  (n) => ['GET /', `x-fault: delay;ms=${n % 3};at=place-${n}`],
  (n) => ['GET /', `x-fault: delay;ms=${n % 3};at=consumer/v${n + 2}`],
  (n) => ['GET /', `bad header ${n}`],
]

async function send(port: number, line: string, header: string): Promise<void> {
  await using connection = new RawConnection(port)
  connection.send(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}\r\n\r\n`)
  await connection.closed
}

/** One of each, to both ports, and a burst and armed faults, where the service has them. */
async function round({ port, adminPort, adminUrl }: InProcessService, n: number): Promise<void> {
  for (const hostile of HOSTILE) {
    const [line, header] = hostile(n)
    await send(port, line, header)
    await send(adminPort, line, header)
  }
  await (await fetch(`${adminUrl}/burst?n=1`, { method: 'POST', headers: { 'x-route': `route-${n}` } })).text()
  await fetch(`${adminUrl}/faults`, { method: 'PUT', body: `delay;ms=1;at=provider/v${n + 2};rate=0` })
  await fetch(`${adminUrl}/faults`, { method: 'DELETE' })
}

test.each(['provider', 'consumer'] as const)(
  'a client cannot add series to the %s: its own methods, paths, headers, identities and faults make none',
  async (name) => {
    await using provider = await startProvider({ env })
    await using consumer = await startConsumer(provider.port, { env })
    const service = name === 'provider' ? provider : consumer
    for (let n = 0; n < 8; n += 1) await round(service, n)
    const before = new Set(await ownSeries(service.adminUrl))
    expect(before.size).toBeGreaterThan(20)
    for (let n = 8; n < 40; n += 1) await round(service, n)
    expect((await ownSeries(service.adminUrl)).filter((series) => !before.has(series))).toEqual([])
  },
)
