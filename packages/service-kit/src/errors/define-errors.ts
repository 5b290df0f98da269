import type { Hop, Origin } from '@linkerd-scenario/contract'

/** One row of a package's error table. */
export interface ErrorEntry {
  status: number
  title: string
  /** Cause and remedy, for the documentation. */
  cause: string
}

export interface ProblemOptions {
  detail?: string
  cause?: unknown
  status?: number
  title?: string
  origin?: Origin
  proxy?: 'inbound' | 'outbound'
  proxyError?: string
  hops?: Hop[]
  headers?: Record<string, string>
}

/** An error that is answered as a problem (RFC 9457). Its cause goes to the log, never to the caller. */
export class ProblemError extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly options: ProblemOptions

  constructor(code: string, entry: ErrorEntry, options: ProblemOptions = {}) {
    super(options.detail ?? entry.title, { cause: options.cause })
    this.code = code
    this.status = options.status ?? entry.status
    this.title = options.title ?? entry.title
    this.options = options
  }
}

/** Returns one factory per row of the table, under the code of the row. */
export function defineErrors<const Table extends Record<string, ErrorEntry>>(table: Table) {
  const factories = Object.fromEntries(
    Object.entries(table).map(([code, entry]) => [
      code,
      (options?: ProblemOptions) => new ProblemError(code, entry, options),
    ]),
  )
  return factories as { [Code in keyof Table]: (options?: ProblemOptions) => ProblemError }
}
