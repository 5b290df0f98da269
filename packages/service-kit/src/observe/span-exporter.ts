import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import type { TracingSettings } from './tracing-settings.ts'

/** Loads the exporter for the protocol; it reads address, headers and timeout from the process's environment. */
export async function spanExporter(protocol: TracingSettings['protocol'], logger: Logger): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'grpc'
      ? await import('@opentelemetry/exporter-trace-otlp-grpc')
      : await import('@opentelemetry/exporter-trace-otlp-proto')
  return new ReportingExporter(new OTLPTraceExporter(), logger)
}

/** Logs when exports begin to fail, and when they succeed again: once each, however often they are tried between. */
export class ReportingExporter implements SpanExporter {
  readonly #exporter: SpanExporter
  readonly #logger: Logger
  #lost = 0

  constructor(exporter: SpanExporter, logger: Logger) {
    this.#exporter = exporter
    this.#logger = logger
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#exporter.export(spans, (result) => {
      this.#report(spans.length, result)
      done(result)
    })
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown()
  }

  #report(spans: number, { code, error }: ExportResult): void {
    if (code !== ExportResultCode.SUCCESS) {
      if (this.#lost === 0)
        this.#logger.warn(
          { reason: error?.message },
          'spans cannot be exported: they are dropped until the collector takes them',
        )
      this.#lost += spans
    } else if (this.#lost > 0) {
      this.#logger.info({ lost_spans: this.#lost }, 'spans are exported again')
      this.#lost = 0
    }
  }
}
