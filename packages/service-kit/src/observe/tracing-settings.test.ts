import { pino } from 'pino'
import { expect, test } from 'vitest'
import { tracingSettings } from './tracing-settings.ts'

/** The settings from an environment, and the variables that were ignored. */
function read(env: NodeJS.ProcessEnv) {
  const ignored: string[] = []
  const write = (line: string) => void ignored.push((JSON.parse(line) as { variable: string }).variable)
  return { ...tracingSettings(env, pino({}, { write })), ignored }
}

test('without variables, the defaults of the specification', () => {
  expect(read({})).toEqual({
    protocol: 'http/protobuf',
    isParentBased: true,
    ratio: 1,
    batch: { scheduledDelayMillis: 5000, exportTimeoutMillis: 30_000, maxQueueSize: 2048, maxExportBatchSize: 512 },
    ignored: [],
  })
})

test.each([
  ['always_on', undefined, false, 1],
  ['always_off', '0.5', false, 0],
  ['traceidratio', '0.25', false, 0.25],
  ['parentbased_always_off', undefined, true, 0],
  ['parentbased_traceidratio', undefined, true, 1],
])('the sampler %s with %s', (sampler, argument, isParentBased, ratio) => {
  const env = { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument }
  expect(read(env)).toMatchObject({ isParentBased, ratio, ignored: [] })
})

test('the protocol for traces goes before that for all signals', () => {
  const env = { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }
  expect(read(env).protocol).toBe('grpc')
  expect(read({ ...env, OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: 'http/protobuf' }).protocol).toBe('http/protobuf')
})

test('a value that cannot be used is logged and ignored', () => {
  const env = {
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '1.5',
    OTEL_BSP_MAX_QUEUE_SIZE: 'many',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  }
  const { ignored, ratio, batch, protocol } = read(env)
  expect(new Set(ignored)).toEqual(
    new Set(['OTEL_TRACES_SAMPLER_ARG', 'OTEL_BSP_MAX_QUEUE_SIZE', 'OTEL_EXPORTER_OTLP_PROTOCOL']),
  )
  expect([ratio, batch.maxQueueSize, protocol]).toEqual([1, 2048, 'http/protobuf'])
})
