import { freePort } from '@linkerd-scenario/test-kit/free-port'
import { grpcReceiver, httpReceiver } from '@linkerd-scenario/test-kit/otlp-receiver'
import { spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { describe, expect, test } from 'vitest'
import { call, env, LOST, received, traced } from './traced-services.ts'

const PROTOCOLS = [
  ['http/protobuf', httpReceiver],
  ['grpc', grpcReceiver],
] as const

describe.each(PROTOCOLS)('over %s', (_protocol, start) => {
  test('the last spans are out before the process ends, and a batch that is not full does not wait', async () => {
    await using receiver = await start()
    await using services = await traced(receiver, { OTEL_BSP_SCHEDULE_DELAY: '60000' })
    for (let n = 0; n < 20; n += 1) await call(services.consumer.url)
    expect(receiver.spans).toEqual([])
    for (const process of [services.consumer, services.provider]) {
      process.signal('SIGTERM')
      expect(await process.ended).toEqual({ code: 0, signal: null })
    }
    expect(receiver.spans).toHaveLength(60)
    expect(new Set(receiver.spans.map(({ traceId }) => traceId)).size).toBe(20)
  })

  test.each(['refuses', 'hangs'] as const)(
    'a collector that %s changes no answer and no exit code, and is logged once',
    async (conduct) => {
      await using receiver = await start(conduct)
      await using services = await traced(receiver, { OTEL_EXPORTER_OTLP_TIMEOUT: '300' })
      const callsAndExports = async () => {
        expect((await call(services.consumer.url)).status).toBe(200)
        return receiver.exports.length
      }
      await until(callsAndExports, (count) => count >= 6, { withinMs: 30_000, everyMs: 50 })
      await until(
        () => services.consumer.logged(LOST).length,
        (count) => count > 0,
        { withinMs: 20_000 },
      )
      for (const process of [services.consumer, services.provider]) {
        process.signal('SIGTERM')
        expect(await process.ended).toEqual({ code: 0, signal: null })
        expect(process.logged(LOST)).toHaveLength(1)
        expect(process.stderr).toBe('')
      }
    },
  )

  test('a collector that is slow delays no request, and gets every span', async () => {
    await using receiver = await start('slow')
    await using services = await traced(receiver)
    let calls = 0
    let duringAnExport = 0
    const callOnce = async () => {
      expect((await call(services.consumer.url)).status).toBe(200)
      calls += 1
      if (receiver.exports.length > 0 && receiver.spans.length === 0) duringAnExport += 1
      return receiver.spans.length
    }
    await until(callOnce, (spans) => spans > 0, { withinMs: 30_000, everyMs: 10 })
    // If calls waited for exports, only one call could end during an export.
    expect(duringAnExport).toBeGreaterThan(2)
    await received(receiver, 3 * calls)
    expect(receiver.spans).toHaveLength(3 * calls)
    for (const process of [services.consumer, services.provider]) expect(process.logged(LOST)).toEqual([])
  })
})

test.each(['http/protobuf', 'grpc'])(
  'a collector that is absent (%s) changes no answer and no exit code',
  async (protocol) => {
    const endpoint = {
      OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${await freePort()}`,
    }
    await using provider = await spawnProvider({ ...env, ...endpoint, OTEL_EXPORTER_OTLP_TIMEOUT: '300' })
    await until(
      async () => {
        expect((await call(provider.url)).status).toBe(200)
        return provider.logged(LOST).length
      },
      (count) => count > 0,
      { withinMs: 20_000, everyMs: 50 },
    )
    for (let n = 0; n < 10; n += 1) expect((await call(provider.url)).status).toBe(200)
    provider.signal('SIGTERM')
    expect(await provider.ended).toEqual({ code: 0, signal: null })
    expect(provider.logged(LOST)).toHaveLength(1)
    expect(provider.stderr).toBe('')
  },
)

test('once the collector takes the spans, they come, and the log says how many were lost', async () => {
  await using receiver = await httpReceiver('refuses')
  await using services = await traced(receiver)
  await call(services.consumer.url)
  await until(
    () => services.consumer.logged(LOST),
    (lines) => lines.length === 1,
    { withinMs: 20_000 },
  )
  receiver.conduct = 'takes'
  await call(services.consumer.url)
  await until(
    () => services.consumer.logged('spans are exported again')[0]?.['lost_spans'],
    (lost) => typeof lost === 'number' && lost >= 2,
    { withinMs: 20_000 },
  )
})

test('a queue that is full drops spans and logs it once; each span is either exported or counted', async () => {
  await using receiver = await httpReceiver('slow')
  const limits = { OTEL_BSP_MAX_QUEUE_SIZE: '20', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10' }
  await using provider = await spawnProvider({ ...env, ...receiver.env, ...limits })
  const calls = 400
  for (let n = 0; n < calls; n += 20) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(provider.url)))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
  }
  const [again] = await until(
    () => provider.logged('spans are exported again'),
    (lines) => lines.length > 0,
    { withinMs: 40_000 },
  )
  const warnings = provider.logged(LOST)
  expect(warnings.map(({ reason }) => reason)).toEqual([expect.stringContaining('20 spans wait already')])
  provider.signal('SIGTERM')
  expect(await provider.ended).toEqual({ code: 0, signal: null })
  expect(receiver.spans.length + Number(again?.['lost_spans'])).toBe(calls)
})
