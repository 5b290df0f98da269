import { type Static, Type } from 'typebox'
import { FaultSchema } from './faults/fault.ts'
import { LONGEST_FAULT_TEXT } from './faults/parse-faults.ts'
import { HopSchema } from './hop.ts'
import { LIVE_LIMITS } from './live-limits.ts'
import { OriginSchema, ProblemSchema } from './problem.ts'

const strict = { additionalProperties: false }

/** Body of `PUT /live/traffic`. It replaces all settings: those left out get their defaults. */
export const TrafficSettingsSchema = Type.Object(
  {
    paused: Type.Boolean({ default: false }),
    rate: Type.Number({
      default: 10,
      minimum: 0,
      maximum: LIVE_LIMITS.rate,
      description: 'Calls a second, started on schedule, also if answers are slow',
    }),
    concurrency: Type.Integer({
      default: 64,
      minimum: 1,
      maximum: LIVE_LIMITS.concurrency,
      description: 'Maximum calls in flight; a call that is due above that is skipped and counts as shed',
    }),
    in: Type.String({ default: '', maxLength: LIVE_LIMITS.inLength, description: 'Text that each call sends' }),
    route: Type.String({
      default: '',
      // RFC 9110 §5.5: visible ASCII, spaces inside.
      pattern: '^([!-~]([ -~]{0,126}[!-~])?)?$',
      description: 'Value of the x-route header of each call; empty: no header',
    }),
    fault: Type.String({
      default: '',
      maxLength: LONGEST_FAULT_TEXT,
      description:
        'Value of the x-fault header of each call; empty: no header. The calls do not pass the faults of the consumer: a fault with at=consumer has no effect',
    }),
    minutes: Type.Number({
      default: 60,
      minimum: 0.01,
      maximum: LIVE_LIMITS.minutes,
      description: 'The traffic ends this long after the last change of its settings',
    }),
  },
  { ...strict, title: 'TrafficSettings' },
)
export type TrafficSettings = Static<typeof TrafficSettingsSchema>

/** Why no call is made. */
export const TrafficStopSchema = Type.Union(
  [Type.Literal('paused'), Type.Literal('no-viewers'), Type.Literal('limit'), Type.Literal('draining')],
  {
    description:
      'paused: by its settings, and at the start; no-viewers: the last viewer left; limit: its minutes have passed; draining: the consumer is stopping',
  },
)
export type TrafficStop = Static<typeof TrafficStopSchema>

const EpochMs = (description: string) => Type.Number({ description: `${description}, milliseconds since 1970` })

/** Answer of `GET /live/state`, `PUT /live/traffic` and `POST /live/reset`, and data of the event `state`. */
export const LiveStateSchema = Type.Object(
  {
    settings: TrafficSettingsSchema,
    faults: Type.Array(FaultSchema, { description: 'The faults of settings.fault' }),
    running: Type.Boolean(),
    stopped: Type.Union([TrafficStopSchema, Type.Null()], { description: 'null while it runs' }),
    until: Type.Union([EpochMs('When the traffic ends'), Type.Null()], { description: 'null while none runs' }),
    resetAt: EpochMs('Since when the totals count'),
    now: EpochMs('Clock of the consumer'),
    viewers: Type.Integer({ minimum: 0 }),
    consumer: Type.Object({
      version: Type.String(),
      pod: Type.String(),
      meshed: Type.Boolean({ description: 'Whether a Linkerd proxy answers beside the consumer' }),
    }),
    provider: Type.String({ description: 'Host and port that the consumer calls' }),
  },
  { title: 'LiveState' },
)
export type LiveState = Static<typeof LiveStateSchema>

/** One call, as `cells` of a batch shows it. */
export const LiveCallSchema = Type.Object({
  id: Type.Integer({ minimum: 1, description: 'The n-th call since the reset, in the order of their starts' }),
  requestId: Type.String(),
  startMs: EpochMs('Start'),
  latencyMs: Type.Number({ minimum: 0 }),
  status: Type.Union([Type.Integer(), Type.Null()], { description: 'null without an HTTP answer' }),
  origin: Type.Optional(OriginSchema),
  proxy: Type.Optional(Type.Union([Type.Literal('outbound'), Type.Literal('inbound')])),
  proxyError: Type.Optional(Type.String()),
  version: Type.Optional(Type.String({ description: 'Of the provider that answered' })),
  pod: Type.Optional(Type.String()),
  caller: Type.Optional(
    Type.Union([Type.String(), Type.Null()], { description: 'Identity that the provider saw; null if it saw none' }),
  ),
  attempt: Type.Optional(Type.Integer()),
  message: Type.Optional(Type.String({ description: 'What was answered, its first 200 characters' })),
  hops: Type.Array(HopSchema, { description: 'The hops in the answer, without the consumer' }),
  problem: Type.Optional(Type.Omit(ProblemSchema, ['hops'])),
})
export type LiveCall = Static<typeof LiveCallSchema>

const Count = (description?: string) => Type.Integer({ minimum: 0, ...(description ? { description } : {}) })
const CountsBy = (description: string) =>
  Type.Record(Type.String(), Type.Integer({ minimum: 0 }), { description: `Calls that ended, by ${description}` })

/** Exact numbers of calls; the cells may show only a sample. */
export const LiveCountsSchema = Type.Object({
  started: Count(),
  ended: Count(),
  failed: Count('Of those that ended: without an answer, or with one that is an error'),
  shed: Count('Calls that were due and skipped, because `concurrency` calls were in flight'),
  late: Count('Of those that started: more than 50 ms behind their schedule'),
  byStatus: CountsBy('HTTP status; "none" without an HTTP answer'),
  byOrigin: CountsBy('who made the error; only calls that failed'),
  byFailure: CountsBy('status, origin and proxy, as in "504 mesh outbound"; only calls that failed'),
  byVersion: CountsBy('version of the provider that answered; only calls that it answered'),
  byPod: CountsBy('its pod, likewise'),
  byCaller: CountsBy('the identity that it saw ("none" without one), likewise'),
  byAttempt: CountsBy('the attempt that it saw, likewise'),
  latency: Type.Array(Count(), { description: 'Calls that ended, one number a bucket of LIVE_LATENCY_BOUNDS_MS' }),
  latencySumMs: Type.Number({ minimum: 0 }),
  latencyMaxMs: Type.Number({ minimum: 0 }),
})
export type LiveCounts = Static<typeof LiveCountsSchema>

/** One pod of the provider that answered since the reset. */
export const LivePodSchema = Type.Object({
  pod: Type.String(),
  version: Type.String(),
  caller: Type.Union([Type.String(), Type.Null()], { description: 'Identity that it saw last' }),
  lastSeen: EpochMs('When its last answer came'),
  total: Count('Answers since the reset'),
  ended: Count('Answers in the window'),
  failed: Count('Of those in the window: answers that are errors'),
  latencySumMs: Type.Number({ minimum: 0, description: 'Of those in the window' }),
})
export type LivePod = Static<typeof LivePodSchema>

/** Data of the event `batch`: what ended since the batch before, and the totals. */
export const LiveBatchSchema = Type.Object({
  seq: Type.Integer({ minimum: 1, description: 'Increases by one per batch; a gap is a batch that this viewer lost' }),
  at: EpochMs('End of the window'),
  windowMs: Type.Number({ minimum: 0, description: 'Length of the window' }),
  resetAt: EpochMs('Since when the totals count'),
  inFlight: Count(),
  totals: LiveCountsSchema,
  window: LiveCountsSchema,
  cells: Type.Array(LiveCallSchema, {
    maxItems: LIVE_LIMITS.cells,
    description: 'Calls that ended in the window: all of them, or an even sample',
  }),
  sampledFrom: Count('Calls that ended in the window; more than there are cells: they are a sample'),
  pods: Type.Array(LivePodSchema),
  viewers: Type.Integer({ minimum: 0 }),
  dropped: Count('Batches that this viewer has lost since it came, because it reads too slowly'),
})
export type LiveBatch = Static<typeof LiveBatchSchema>

/** Data of the event `end`: the last one of a stream that the consumer ends. */
export const LiveEndSchema = Type.Object({ reason: Type.Literal('draining') })
export type LiveEnd = Static<typeof LiveEndSchema>
