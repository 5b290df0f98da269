import type { BurstReport } from '@linkerd-scenario/contract'

/** Labels of one series, by name. */
export type Labels = Readonly<Record<string, string>>

/** One series and its value: a counter's increase during the steps, or a gauge's last reading. */
export interface Sample {
  name: string
  labels: Labels
  value: number
}

/** The value of a fact. Facts come from the cluster, or from a step that measured something itself. */
export type Fact = string | number | boolean | readonly string[]

/** What was seen while the steps of a phase ran. */
export interface Observation {
  /** Reports of bursts, by the names that the steps gave them: what the services saw. */
  bursts: Readonly<Record<string, BurstReport>>
  /** What the proxies of a workload counted in the meantime, summed over its pods: what the mesh saw. */
  proxies: Readonly<Record<string, readonly Sample[]>>
  facts: Readonly<Record<string, Fact>>
}

/** An observation that consists of facts only. */
export function factsOnly(facts: Observation['facts']): Observation {
  return { bursts: {}, proxies: {}, facts }
}

/** Adds up the samples of the family `name` that have all of `labels`; a missing family counts as 0. */
export function sumOf(samples: readonly Sample[], name: string, labels: Labels = {}): number {
  const wanted = Object.entries(labels)
  return samples
    .filter((sample) => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0)
}
