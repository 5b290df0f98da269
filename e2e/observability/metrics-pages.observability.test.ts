import { startConsumer, startProvider } from '@linkerd-scenario/test-kit/in-process'
import { RawConnection } from '@linkerd-scenario/test-kit/raw-http'
import { beforeAll, expect, test } from 'vitest'
import { demandPrometheus, promtool } from './prometheus.ts'

beforeAll(demandPrometheus)

const page = async (adminUrl: string) => await (await fetch(`${adminUrl}/metrics`)).text()
const series = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

test('promtool finds nothing to say about the pages of both services', async () => {
  await using provider = await startProvider({ env: { FAULT_INJECTION: 'enabled' } })
  await using consumer = await startConsumer(provider.port, { env: { FAULT_INJECTION: 'enabled' } })
  for (const fault of ['', 'status;code=503', 'delay;ms=1;at=consumer'])
    await (await fetch(consumer.url, { headers: { 'x-fault': fault } })).text()
  for (const { adminUrl } of [provider, consumer]) {
    const text = await page(adminUrl)
    expect(text).toContain('http_server_request_duration_seconds_count')
    expect(promtool(['check', 'metrics'], text)).toEqual({ code: 0, output: '' })
  }
})

test('a client cannot add series: methods, paths, queries, headers and identities of its own make none', async () => {
  await using provider = await startProvider({ env: { FAULT_INJECTION: 'enabled' } })
  const send = async (method: string, path: string, header: string) => {
    await using connection = new RawConnection(provider.port)
    connection.send(`${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${header}\r\n\r\n`)
    await connection.closed
  }
  const round = async (n: number) => {
    await send('GET', `/path-${n}`, 'X-A: b')
    await send('GET', `/?in=${n}`, `l5d-client-id: client-${n}.demo`)
    await send('PROPFIND', `/${n}`, 'X-A: b')
    await send(`METHOD${n}`, '/', 'X-A: b')
    await send('GET', '/', `x-request-id: id-${n}`)
    await send('GET', '/', `x-fault: status;code=${500 + (n % 4)}`)
    await send('GET', '/', `traceparent: 00-${String(n).padStart(32, '1')}-1111111111111111-01`)
  }
  for (let n = 0; n < 8; n += 1) await round(n)
  const before = new Set(series(await page(provider.adminUrl)).map((line) => line.replace(/ \S+$/, '')))
  for (let n = 8; n < 40; n += 1) await round(n)
  const after = series(await page(provider.adminUrl)).map((line) => line.replace(/ \S+$/, ''))
  const ours = after.filter((name) => /^(http|faults|build)_/.test(name))
  expect(ours.length).toBeGreaterThan(20)
  expect(ours.filter((name) => !before.has(name))).toEqual([])
})
