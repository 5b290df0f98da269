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
  /** It answered for the first time in that time. */
  came: boolean
  /** It answers no more, though others do. */
  gone: boolean
}

/** Calls of one consumer with the same settings, counted over some time. */
export interface Traffic {
  counts: LiveCounts
  seconds: number
  settings: Pick<TrafficSettings, 'route' | 'fault' | 'rate'>
  /** Whether a Linkerd proxy answers beside the consumer. */
  meshed: boolean
  /** Host and port that the consumer calls. */
  provider: string
  pods: readonly PodTraffic[]
}

/** Never "proved": that takes a control, and the prover's own traffic. */
export type Verdict = 'looks-on' | 'looks-off' | 'cannot-tell'

export interface Judgement {
  verdict: Verdict
  /** What was seen and what is promised, with the figures. */
  why: Text
}

/** One promise of the mesh: what the prover proves, and what a person sees of it. */
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
  /** Commands that switch it on and off; null where none does. */
  switchOn: string
  switchOff: string | null
  /** Traffic that can tell on from off; empty where the live page's cannot. */
  tryWith: Partial<TrafficSettings>
  /** Pure: looks at the traffic and at nothing else. */
  judge: (traffic: Traffic) => Judgement
}

/** With fewer calls nothing is said. */
export const ENOUGH_CALLS = 20

export function judgement(verdict: Verdict, en: string, es: string, figures: Readonly<Record<string, Figure>> = {}) {
  return { verdict, why: withFigures({ en, es }, figures) } satisfies Judgement
}

/** The sentence for too few calls; undefined where there are enough. */
export function tooFew(seen: number, needed = ENOUGH_CALLS): Judgement | undefined {
  if (seen >= needed) return undefined
  return judgement(
    'cannot-tell',
    '{seen} such calls were seen; {needed} are needed.',
    'Se han visto {seen} llamadas de este tipo; hacen falta {needed}.',
    { seen, needed },
  )
}
