import type { Logger } from 'pino'

/**
 * The environment variables of tracing, as OpenTelemetry specifies them. The exporter itself reads the collector's
 * address, headers, timeout and compression.
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
export const TRACING_VARIABLES = [
  'OTEL_SDK_DISABLED',
  'OTEL_SERVICE_NAME',
  'OTEL_RESOURCE_ATTRIBUTES',
  'OTEL_TRACES_SAMPLER',
  'OTEL_TRACES_SAMPLER_ARG',
  'OTEL_BSP_SCHEDULE_DELAY',
  'OTEL_BSP_EXPORT_TIMEOUT',
  'OTEL_BSP_MAX_QUEUE_SIZE',
  'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
  ...['PROTOCOL', 'ENDPOINT', 'HEADERS', 'TIMEOUT', 'COMPRESSION', 'CERTIFICATE'].flatMap((name) => [
    `OTEL_EXPORTER_OTLP_${name}`,
    `OTEL_EXPORTER_OTLP_TRACES_${name}`,
  ]),
]

const SAMPLERS = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const
const PROTOCOLS = ['http/protobuf', 'grpc'] as const

/** The settings of tracing; the defaults are those of the specification. */
export interface TracingSettings {
  protocol: (typeof PROTOCOLS)[number]
  /** Whether the caller's sampling decision is followed. */
  isParentBased: boolean
  /** Share of the traces that are recorded, 0 to 1, if no caller has decided. */
  ratio: number
  batch: {
    scheduledDelayMillis: number
    exportTimeoutMillis: number
    maxQueueSize: number
    maxExportBatchSize: number
  }
}

/** Reads the environment. A value that cannot be used is logged and ignored, as the specification asks. */
export function tracingSettings(env: NodeJS.ProcessEnv, logger: Logger): TracingSettings {
  const ignored = (name: string, fallback: unknown) =>
    logger.warn({ variable: name, used: fallback }, 'a variable of tracing cannot be used and is ignored')

  function choice<const Value extends string>(name: string, values: readonly Value[], fallback: Value): Value {
    const text = env[name]
    if (text === undefined || text === '') return fallback
    const found = values.find((value) => value === text)
    if (found === undefined) ignored(name, fallback)
    return found ?? fallback
  }

  function number(name: string, { min, max }: { min: number; max: number }, fallback: number): number {
    const text = env[name]
    if (text === undefined || text === '') return fallback
    const value = Number(text)
    if (value >= min && value <= max) return value
    ignored(name, fallback)
    return fallback
  }

  const count = { min: 1, max: 1_000_000 }
  const sampler = choice('OTEL_TRACES_SAMPLER', SAMPLERS, 'parentbased_always_on')
  const general = choice('OTEL_EXPORTER_OTLP_PROTOCOL', PROTOCOLS, 'http/protobuf')
  return {
    protocol: choice('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL', PROTOCOLS, general),
    isParentBased: sampler.startsWith('parentbased_'),
    ratio: sampler.endsWith('traceidratio')
      ? number('OTEL_TRACES_SAMPLER_ARG', { min: 0, max: 1 }, 1)
      : Number(sampler.endsWith('always_on')),
    batch: {
      scheduledDelayMillis: number('OTEL_BSP_SCHEDULE_DELAY', count, 5000),
      exportTimeoutMillis: number('OTEL_BSP_EXPORT_TIMEOUT', count, 30_000),
      maxQueueSize: number('OTEL_BSP_MAX_QUEUE_SIZE', count, 2048),
      maxExportBatchSize: number('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', count, 512),
    },
  }
}
