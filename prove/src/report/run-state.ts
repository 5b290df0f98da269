import { duration, roughly } from '../expectations/wording.ts'
import type { Feature } from '../feature.ts'
import { batchesOf } from '../lanes/batches.ts'
import type { Workloads } from '../lanes/feature-queue.ts'
import { endS } from '../lanes/forecast.ts'
import { SET_UP_S, typicalS } from '../lanes/typical-durations.ts'

interface LaneState {
  /** What it waits for now. */
  waitsFor: () => string | undefined
  /** Those that it proves now; empty in between. */
  features: readonly string[]
  /** The state of the mesh that is being measured. */
  phase: string | undefined
  /** When its feature, or before that its set-up, began, ms. */
  sinceMs: number
  running: Workloads
}

/** What the lanes of a run are doing, and how long the rest takes. Without a clock of its own. */
export class RunState {
  readonly #lanes = new Map<string, LaneState>()
  readonly #total: number
  readonly #startedMs: number
  #waiting: readonly Feature[]
  #done = 0

  constructor(features: readonly Feature[], nowMs: number) {
    this.#waiting = features
    this.#total = features.length
    this.#startedMs = nowMs
  }

  opens(lane: string, waitsFor: () => string | undefined, nowMs: number): void {
    this.#lanes.set(lane, { waitsFor, features: [], phase: undefined, sinceMs: nowMs, running: {} })
  }

  starts(lane: string, features: readonly Feature[], nowMs: number): void {
    this.#waiting = this.#waiting.filter((one) => !features.includes(one))
    const names = features.map(({ name }) => name)
    const running = features[0]?.workloads ?? {}
    this.#change(lane, { features: names, phase: undefined, sinceMs: nowMs, running })
  }

  phase(lane: string, phase: string): void {
    this.#change(lane, { phase })
  }

  ends(lane: string, nowMs: number): void {
    this.#done += 1
    this.#change(lane, { features: [], phase: undefined, sinceMs: nowMs })
  }

  /** A line for the run and one for each lane, none longer than `columns`. */
  lines(nowMs: number, columns: number): string[] {
    const elapsed = duration(nowMs - this.#startedMs)
    const head = `${this.#done} of ${this.#total} features, ${elapsed}${left(this.#remainingS(nowMs))}`
    const lanes = [...this.#lanes].filter(([, { features }]) => features.length > 0 || this.#waiting.length > 0)
    return [
      head,
      ...lanes.map(([name, lane]) => `  ${this.#lanes.size > 1 ? `${name}  ` : ''}${laneLine(lane, nowMs)}`),
    ].map((line) => (line.length < columns ? line : `${line.slice(0, columns - 2)}…`))
  }

  #change(lane: string, change: Partial<LaneState>): void {
    const state = this.#lanes.get(lane)
    if (state !== undefined) this.#lanes.set(lane, { ...state, ...change })
  }

  #remainingS(nowMs: number): number {
    const lanes = [...this.#lanes.values()]
    if (lanes.length === 0) return 0
    return endS(
      batchesOf(this.#waiting),
      lanes.map((lane) => ({ freeAtS: laneRemainingS(lane, nowMs), running: lane.running })),
    )
  }
}

function laneLine(lane: LaneState, nowMs: number): string {
  const { features, phase, waitsFor, sinceMs } = lane
  const names = features.join(', ')
  const what = names === '' ? 'starting' : phase === undefined ? names : `${names}: ${phase}`
  const wait = waitsFor()
  const waiting = wait === undefined ? '' : `, waiting for ${wait}`
  const remainingS = laneRemainingS(lane, nowMs)
  return `${what}, ${duration(nowMs - sinceMs)}${left(remainingS)}${waiting}`
}

function laneRemainingS({ features: [first], sinceMs }: LaneState, nowMs: number): number {
  const typical = first === undefined ? SET_UP_S : typicalS(first)
  return Math.max(0, typical - (nowMs - sinceMs) / 1000)
}

function left(seconds: number): string {
  return seconds <= 0 ? '' : `, about ${roughly(seconds)} left`
}
