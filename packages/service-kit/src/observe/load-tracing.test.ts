import { expect, test } from 'vitest'
import { isTracingWanted } from './load-tracing.ts'

test.each([
  [{}, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, false],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318' }, true],
  [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://collector:4318/v1/traces' }, true],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SDK_DISABLED: 'True' }, false],
])('with %o tracing is wanted: %s', (env, isWanted) => {
  expect(isTracingWanted(env)).toBe(isWanted)
})
