import { type ExportResult, ExportResultCode } from '@opentelemetry/core'
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import type { TracingSettings } from './tracing-settings.ts'

/**
 * Sends the spans that have ended to the collector, in batches. Loads the exporter for the protocol, which reads address,
 * headers and timeout from the process's environment.
 */
export async function spanProcessor({ protocol, batch }: TracingSettings, logger: Logger): Promise<BatchSpanProcessor> {
  const { OTLPTraceExporter } =
    protocol === 'grpc'
      ? await import('@opentelemetry/exporter-trace-otlp-grpc')
      : await import('@opentelemetry/exporter-trace-otlp-proto')
  return new LimitedQueue(new ReportingExporter(new OTLPTraceExporter(), batch.maxQueueSize, logger), batch)
}

/** Drops a span when the queue is full, as the SDK's class does, and reports it, which that class does not. */
class LimitedQueue extends BatchSpanProcessor {
  readonly #exporter: ReportingExporter

  constructor(exporter: ReportingExporter, batch: TracingSettings['batch']) {
    super({ exporter, ...batch })
    this.#exporter = exporter
  }

  override onEnd(span: ReadableSpan): void {
    if (this.#exporter.admits()) super.onEnd(span)
  }
}

/** Logs when spans begin to be lost and when that has ended: once each, however many there are between. */
class ReportingExporter implements SpanExporter {
  readonly #exporter: SpanExporter
  readonly #queueSize: number
  readonly #logger: Logger
  #waiting = 0
  #lost = 0
  /** Whether a span was lost since the export that is under way began. */
  #isLosing = false

  constructor(exporter: SpanExporter, queueSize: number, logger: Logger) {
    this.#exporter = exporter
    this.#queueSize = queueSize
    this.#logger = logger
  }

  /** Whether one more span may wait for its export. If not, it counts as lost. */
  admits(): boolean {
    if (this.#waiting >= this.#queueSize) {
      this.#lose(1, `${this.#queueSize} spans wait already: the collector takes them too slowly, or not at all`)
      return false
    }
    this.#waiting += 1
    return true
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.#waiting -= spans.length
    this.#isLosing = false
    this.#exporter.export(spans, (result) => {
      if (result.code !== ExportResultCode.SUCCESS) this.#lose(spans.length, result.error?.message)
      else if (this.#lost > 0 && !this.#isLosing) this.#recovered()
      done(result)
    })
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown()
  }

  #lose(spans: number, reason: string | undefined): void {
    if (this.#lost === 0) {
      this.#logger.warn({ reason }, 'spans cannot be exported: they are dropped until the collector takes them')
    }
    this.#lost += spans
    this.#isLosing = true
  }

  #recovered(): void {
    this.#logger.info({ lost_spans: this.#lost }, 'spans are exported again')
    this.#lost = 0
  }
}
