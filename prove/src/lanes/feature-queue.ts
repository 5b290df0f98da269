import type { Feature } from '../feature.ts'
import { OTHER_PODS_S, typicalS } from './typical-durations.ts'

/** Replicas of a lane's deployments. */
export type Workloads = Readonly<Record<string, number>>

/** What the order of features depends on. */
export type Queued = Pick<Feature, 'name' | 'workloads' | 'needsQuiet'>

/** The batches of features that no lane has taken yet. */
export class FeatureQueue<One extends Queued> {
  readonly #lanes: number
  #waiting: readonly One[]

  constructor(features: readonly One[], lanes: number) {
    this.#waiting = features
    this.#lanes = lanes
  }

  /** The next feature for a lane with these workloads; undefined if none is left. */
  take(running: Workloads): One | undefined {
    const next = this.#lanes === 1 ? this.#waiting[0] : best(this.#waiting, running)
    this.#waiting = this.#waiting.filter((one) => one !== next)
    return next
  }

  /** Returns a feature that its lane could not begin. */
  giveBack(feature: One): void {
    this.#waiting = [feature, ...this.#waiting]
  }
}

/** Whether a lane has to start or end pods for a feature. */
export function needsOtherPods({ workloads }: Queued, running: Workloads): boolean {
  return Object.entries(workloads).some(([name, replicas]) => running[name] !== replicas)
}

/**
 * The longest first, so that no lane is left alone with it at the end; of features that take about as long, one whose
 * pods are running. Those that need quiet come last: earlier they would wait for the long ones, and others for them.
 */
function best<One extends Queued>(waiting: readonly One[], running: Workloads): One | undefined {
  const urgency = (one: One) => {
    const lateS = one.needsQuiet === undefined ? 0 : LAST_S
    return typicalS(one.name) - (needsOtherPods(one, running) ? OTHER_PODS_S : 0) - lateS
  }
  return waiting.toSorted((a, b) => urgency(b) - urgency(a))[0]
}

/** More than any feature takes. */
const LAST_S = 10_000
