import type { Logger } from 'pino'
import type { Identity } from '../identity.ts'
import type { Tracing } from './tracing.ts'

/** Whether the environment names a collector. */
export function isTracingWanted(env: NodeJS.ProcessEnv): boolean {
  if (env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true') return false
  return Boolean(env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] || env['OTEL_EXPORTER_OTLP_ENDPOINT'])
}

/**
 * Loads OpenTelemetry's SDK if the environment names a collector; else returns undefined and loads nothing.
 * https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 */
export async function loadTracing(
  env: NodeJS.ProcessEnv,
  identity: Identity,
  logger: Logger,
): Promise<Tracing | undefined> {
  if (!isTracingWanted(env)) return undefined
  const { createTracing } = await import('./tracing-sdk.ts')
  return await createTracing(env, identity, logger)
}
