import {
  LIVE_LIMITS,
  type LiveBatch,
  type LiveCall,
  type TrafficSettings,
  TrafficSettingsSchema,
  type TrafficStop,
} from '@linkerd-scenario/contract'
import { Value } from 'typebox/value'
import type { CallResult } from './call-result.ts'
import { Counts, roundMs } from './counts.ts'
import { Pods } from './pods.ts'
import { Sample } from './sample.ts'
import { Schedule } from './schedule.ts'

/** A call that starts further behind its schedule counts as late, milliseconds. */
const LATE_MS = 50
/** A batch without calls shows that the stream is alive. */
const QUIET_BATCH_MS = 1000
const MINUTE_MS = 60_000

/** A call to make now. */
export interface StartedCall {
  id: number
  startMs: number
  /** The number of resets before it. */
  run: number
}

/** The part of a batch that all viewers share. */
export type SharedBatch = Omit<LiveBatch, 'viewers' | 'dropped'>

/**
 * The state of the traffic: which calls are due, what has ended, and what the viewers are shown. It has no clock and
 * makes no calls. All times are milliseconds since 1970 of a clock that never goes back.
 */
export class Traffic {
  #settings: TrafficSettings = { ...(Value.Default(TrafficSettingsSchema, {}) as TrafficSettings), paused: true }
  #stopped: TrafficStop | null = 'paused'
  #until: number | null = null
  readonly #schedule = new Schedule()
  #inFlight = 0
  #run = 0
  #lastId = 0
  #resetAt: number
  #seq = 0
  #batchAt: number
  #totals = new Counts()
  #window = new Counts()
  #pods = new Pods()
  #cells = newSample()

  constructor(now: number) {
    this.#resetAt = now
    this.#batchAt = now
  }

  get settings(): TrafficSettings {
    return this.#settings
  }

  /** Why no call is made; null while it runs. */
  get stopped(): TrafficStop | null {
    return this.#stopped
  }

  /** When it reaches its time limit; null while it is stopped. */
  get until(): number | null {
    return this.#until
  }

  get resetAt(): number {
    return this.#resetAt
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** When to call `due` next; Infinity while no call is scheduled. */
  get nextAt(): number {
    return Math.min(this.#schedule.nextAt, this.#until ?? Number.POSITIVE_INFINITY)
  }

  /** Applies the settings, and runs unless they pause it. */
  configure(settings: TrafficSettings, now: number): void {
    this.#settings = settings
    if (settings.paused) {
      this.stop('paused')
      return
    }
    this.#stopped = null
    this.#until = now + settings.minutes * MINUTE_MS
    this.#schedule.start(settings.rate, now)
  }

  /** Makes no more calls. Calls in flight continue. */
  stop(reason: TrafficStop): void {
    this.#stopped = reason
    this.#until = null
    this.#schedule.stop()
  }

  /** Resets the counts. Calls in flight at that time are not counted. */
  reset(now: number): void {
    this.#run += 1
    this.#lastId = 0
    this.#resetAt = now
    this.#batchAt = now
    this.#totals = new Counts()
    this.#window = new Counts()
    this.#pods = new Pods()
    this.#cells = newSample()
  }

  /** The calls to make now. Stops the traffic at its time limit. */
  due(now: number): StartedCall[] {
    if (this.#until !== null && now >= this.#until) this.stop('limit')
    const room = Math.max(0, this.#settings.concurrency - this.#inFlight)
    const { due, surplus } = this.#schedule.take(now, room)
    this.#inFlight += due.length
    const late = due.filter((dueAt) => now - dueAt > LATE_MS).length
    for (const counts of [this.#totals, this.#window]) {
      counts.started += due.length
      counts.shed += surplus
      counts.late += late
    }
    return due.map(() => {
      this.#lastId += 1
      return { id: this.#lastId, startMs: now, run: this.#run }
    })
  }

  ended(call: StartedCall & { requestId: string }, result: CallResult, now: number): void {
    this.#inFlight -= 1
    if (call.run !== this.#run) return
    this.#totals.add(result)
    this.#window.add(result)
    this.#pods.add(result, now)
    this.#cells.add({ call, result })
  }

  /** What happened since the previous batch; undefined if nothing did, for a second at most. */
  batch(now: number): SharedBatch | undefined {
    const window = this.#window.snapshot()
    const isQuiet = window.started + window.ended + window.shed === 0
    const windowMs = now - this.#batchAt
    if (isQuiet && windowMs < QUIET_BATCH_MS) return undefined
    this.#seq += 1
    this.#batchAt = now
    this.#window = new Counts()
    const { items, seen } = this.#cells.take()
    return {
      seq: this.#seq,
      at: now,
      windowMs: roundMs(windowMs),
      resetAt: this.#resetAt,
      inFlight: this.#inFlight,
      totals: this.#totals.snapshot(),
      window,
      cells: items.map(cellOf).toSorted((a, b) => a.id - b.id),
      sampledFrom: seen,
      pods: this.#pods.take(),
    }
  }
}

interface EndedCall {
  call: StartedCall & { requestId: string }
  result: CallResult
}

const newSample = () => new Sample<EndedCall>(LIVE_LIMITS.cells)

function cellOf({ call, result }: EndedCall): LiveCall {
  const { status, latencyMs, problem, hops, message } = result
  const provider = hops.at(-1)
  return {
    id: call.id,
    requestId: call.requestId,
    startMs: call.startMs,
    latencyMs: roundMs(latencyMs),
    status,
    ...(problem === undefined ? {} : { problem, origin: problem.origin }),
    ...(problem?.proxy === undefined ? {} : { proxy: problem.proxy }),
    ...(problem?.proxyError === undefined ? {} : { proxyError: problem.proxyError }),
    ...(provider === undefined
      ? {}
      : { version: provider.version, pod: provider.pod, caller: provider.caller, attempt: provider.attempt }),
    ...(message === undefined ? {} : { message }),
    hops: [...hops],
  }
}
