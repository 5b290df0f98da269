import type { LiveBatch, LiveCall, LiveCounts, LiveState, TrafficSettings } from '@linkerd-scenario/contract'

/** How much the charts show, seconds. */
export const HISTORY_S = 300

/** Totals at one time of the consumer's clock, and what each pod did since the sample before. */
export interface Sample {
  at: number
  totals: LiveCounts
  pods: ReadonlyMap<string, PodSample>
}

export interface PodSample {
  ended: number
  failed: number
  latencySumMs: number
}

export interface KnownPod {
  pod: string
  version: string
  caller: string | null
  firstSeen: number
  lastSeen: number
}

export type Connection = 'connecting' | 'live' | 'lost' | 'draining'

/** Everything the page shows. Pure data: `applyState` and `applyBatch` make the next model from an event. */
export interface Model {
  connection: Connection
  state: LiveState | undefined
  /** Since when the settings are what they are, on the consumer's clock. */
  settingsAt: number
  batch: LiveBatch | undefined
  /** A ring buffer: the next call goes to index `head`. */
  cells: readonly (LiveCall | undefined)[]
  head: number
  samples: readonly Sample[]
  /** What the pods did since the last sample. */
  pending: ReadonlyMap<string, PodSample>
  pods: ReadonlyMap<string, KnownPod>
}

export function emptyModel(cells: number): Model {
  return {
    connection: 'connecting',
    state: undefined,
    settingsAt: 0,
    batch: undefined,
    cells: new Array<undefined>(cells).fill(undefined),
    head: 0,
    samples: [],
    pending: new Map(),
    pods: new Map(),
  }
}

export function applyState(model: Model, state: LiveState): Model {
  const isSameRun = model.state?.resetAt === state.resetAt
  const isSameTraffic = isSameRun && sendsTheSame(model.state?.settings, state.settings)
  const cleared = isSameRun ? model : { ...emptyModel(model.cells.length), batch: undefined }
  return {
    ...cleared,
    connection: state.stopped === 'draining' ? 'draining' : 'live',
    state,
    settingsAt: isSameTraffic ? model.settingsAt : state.now,
  }
}

/** Whether two settings make the same calls, so that those before and after can be judged together. */
function sendsTheSame(before: TrafficSettings | undefined, after: TrafficSettings): boolean {
  return (
    before !== undefined &&
    before.fault === after.fault &&
    before.route === after.route &&
    before.in === after.in &&
    before.rate === after.rate &&
    before.concurrency === after.concurrency &&
    before.paused === after.paused
  )
}

export function applyBatch(model: Model, batch: LiveBatch): Model {
  const base = model.state?.resetAt === batch.resetAt ? model : emptyModel(model.cells.length)
  const { cells, head } = withCells(base, batch.cells)
  const pending = addPods(base.pending, batch)
  const last = base.samples.at(-1)
  const isDue = last === undefined || batch.at - last.at >= 1000
  const samples = isDue ? [...base.samples, { at: batch.at, totals: batch.totals, pods: pending }] : base.samples
  return {
    ...base,
    state: model.state,
    settingsAt: model.settingsAt,
    connection: 'live',
    batch,
    cells,
    head,
    samples: samples.filter(({ at }) => batch.at - at <= HISTORY_S * 1000),
    pending: isDue ? new Map() : pending,
    pods: knownPods(base.pods, batch),
  }
}

function withCells({ cells, head }: Model, calls: readonly LiveCall[]) {
  const next = [...cells]
  let at = head
  for (const call of calls) {
    next[at] = call
    at = (at + 1) % next.length
  }
  return { cells: next, head: at }
}

function addPods(before: ReadonlyMap<string, PodSample>, { pods }: LiveBatch): Map<string, PodSample> {
  const sums = new Map(before)
  for (const { pod, ended, failed, latencySumMs } of pods) {
    if (ended === 0) continue
    const sum = sums.get(pod) ?? { ended: 0, failed: 0, latencySumMs: 0 }
    sums.set(pod, {
      ended: sum.ended + ended,
      failed: sum.failed + failed,
      latencySumMs: sum.latencySumMs + latencySumMs,
    })
  }
  return sums
}

function knownPods(before: ReadonlyMap<string, KnownPod>, { pods, at }: LiveBatch): Map<string, KnownPod> {
  return new Map(
    pods.map(({ pod, version, caller, lastSeen }) => [
      pod,
      { pod, version, caller, lastSeen, firstSeen: before.get(pod)?.firstSeen ?? at },
    ]),
  )
}
