import type { LiveCounts, TrafficSettings } from '../live.ts'
import { type Figure, type Text, withFigures } from './text.ts'

/** What one pod of the provider answered in the time that is judged. */
export interface PodTraffic {
  pod: string
  version: string
  ended: number
  /** Answers that are errors. */
  failed: number
  latencySumMs: number
  /** Its first answer came in that time. */
  came: boolean
  /** It stopped answering while others went on. */
  gone: boolean
}

/** Calls of one consumer with the same settings, counted over some time. */
export interface Traffic {
  counts: LiveCounts
  seconds: number
  settings: Pick<TrafficSettings, 'route' | 'fault' | 'rate'>
  /** Whether the consumer's pod has a Linkerd proxy. */
  meshed: boolean
  /** Host and port that the consumer calls. */
  provider: string
  pods: readonly PodTraffic[]
}

/** Never "proved": a proof needs a negative control and the prover's own traffic. */
export type Verdict = 'looks-on' | 'looks-off' | 'cannot-tell'

export interface Judgement {
  verdict: Verdict
  /** What was seen and what was expected, with the figures. */
  why: Text
}

/** A change of the cluster without which the traffic shows nothing, e.g. one pod that is made slow. */
export interface Preparation {
  what: Text
  command: string
  /** The command that takes it back; null where there is nothing to take back. */
  undo: string | null
}

/** One promise of the mesh: what the prover proves, and what you see of it on the live page. */
export interface MeshPromise {
  /** The name of the feature in the prover. */
  id: string
  title: Text
  /** What is promised, in one sentence. */
  claim: Text
  /** What you see without it. */
  off: Text
  /** What you see with it. */
  on: Text
  /** Commands that turn it on and off; null where there is none. */
  switchOn: string | null
  switchOff: string | null
  prepare?: Preparation
  /** The consumer of k8s/overlays/demo whose live page shows what this one does not. */
  seenBy?: string
  /** The command that shows the promise where the traffic of the live page cannot. */
  instead?: string
  /** Traffic that tells on from off; empty where the traffic of the live page cannot. */
  tryWith: Partial<TrafficSettings>
  /** Pure: looks at the traffic and at nothing else. */
  judge: (traffic: Traffic) => Judgement
}

/** Fewer calls give no verdict. */
export const ENOUGH_CALLS = 20

export function judgement(verdict: Verdict, en: string, es: string, figures: Readonly<Record<string, Figure>> = {}) {
  return { verdict, why: withFigures({ en, es }, figures) } satisfies Judgement
}

/** The judgement on too few calls; undefined where there are enough. */
export function tooFew(seen: number, needed = ENOUGH_CALLS): Judgement | undefined {
  if (seen >= needed) return undefined
  return judgement(
    'cannot-tell',
    'Only {seen} such calls so far; {needed} are needed.',
    'Solo {seen} llamadas de este tipo hasta ahora; hacen falta {needed}.',
    { seen, needed },
  )
}
