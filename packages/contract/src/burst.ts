import { type Static, Type } from 'typebox'
import { OriginSchema } from './problem.ts'

/** The most that one burst may ask for. */
export const BURST_LIMITS = { n: 10_000, concurrency: 256, rate: 10_000 } as const

export const BurstQuerySchema = Type.Object({
  n: Type.Integer({ default: 100, minimum: 1, maximum: BURST_LIMITS.n, description: 'Number of calls' }),
  concurrency: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: BURST_LIMITS.concurrency,
    description: 'Calls under way at once',
  }),
  rate: Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: BURST_LIMITS.rate,
      description: 'Calls a second, started on schedule; a call that starts late counts its latency from its schedule',
    }),
  ),
  in: Type.Optional(Type.String({ description: 'Text that each call sends' })),
  fresh: Type.Boolean({
    default: false,
    description: 'A connection of its own for each call, so that what spreads connections spreads calls',
  }),
  detail: Type.Boolean({ default: false, description: 'Adds one record a call' }),
})
export type BurstQuery = Static<typeof BurstQuerySchema>

/** One call of a burst. */
export const BurstCallSchema = Type.Object({
  requestId: Type.String(),
  startMs: Type.Number({ description: 'Start, milliseconds since the start of the burst' }),
  latencyMs: Type.Number({ minimum: 0 }),
  status: Type.Union([Type.Integer(), Type.Null()], { description: 'null without an HTTP answer' }),
  error: Type.Optional(Type.String({ description: 'Code of the error table, of a call that failed' })),
  origin: Type.Optional(OriginSchema),
  proxyError: Type.Optional(Type.String()),
  retryAfter: Type.Optional(
    Type.String({ description: 'Retry-After of the answer: with 503, a service on the way was at its limit' }),
  ),
  version: Type.Optional(Type.String()),
  pod: Type.Optional(Type.String()),
  caller: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  attempt: Type.Optional(Type.Integer()),
})
export type BurstCall = Static<typeof BurstCallSchema>

const Counts = Type.Record(Type.String(), Type.Integer({ minimum: 0 }))

/** Totals of a burst. `byOrigin` counts only failed calls; the others count the calls that a provider answered. */
export const BurstReportSchema = Type.Object(
  {
    total: Type.Integer({ description: 'Calls made' }),
    byStatus: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), {
      description: 'Calls by HTTP status; "none" counts the calls without an HTTP answer',
    }),
    byOrigin: Counts,
    byVersion: Counts,
    byPod: Counts,
    byCaller: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), {
      description: 'Calls by the identity that the provider saw; "none" if it saw none',
    }),
    byAttempt: Counts,
    latencyMs: Type.Object({
      min: Type.Number(),
      mean: Type.Number(),
      p50: Type.Number(),
      p90: Type.Number(),
      p95: Type.Number(),
      p99: Type.Number(),
      max: Type.Number(),
    }),
    durationMs: Type.Number({ description: 'Of the whole burst' }),
    calls: Type.Optional(Type.Array(BurstCallSchema)),
  },
  { title: 'BurstReport', description: 'Totals of a burst' },
)
export type BurstReport = Static<typeof BurstReportSchema>
