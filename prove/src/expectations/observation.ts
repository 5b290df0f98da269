import type { BurstReport } from '@linkerd-scenario/contract'

/** Labels of one series, by name. */
export type Labels = Readonly<Record<string, string>>

/** One series and its value: a counter's increase during the steps, or a gauge's last reading. */
export interface Sample {
  name: string
  labels: Labels
  value: number
}

/** What a fact may be. Facts come from the cluster, or from a step that measured something by itself. */
export type Fact = string | number | boolean | readonly string[]

/** What was seen while the steps of a phase ran. */
export interface Observation {
  /** Reports of bursts, by the name that the steps gave them: the services' witness. */
  bursts: Readonly<Record<string, BurstReport>>
  /** What the proxies of a workload counted meanwhile, summed over its pods: the mesh's witness. */
  proxies: Readonly<Record<string, readonly Sample[]>>
  facts: Readonly<Record<string, Fact>>
}

/** An observation of facts alone. */
export function factsOnly(facts: Observation['facts']): Observation {
  return { bursts: {}, proxies: {}, facts }
}

/** Adds up the samples of the family `name` that carry all of `labels`; a family that never appeared counts 0. */
export function sumOf(samples: readonly Sample[], name: string, labels: Labels = {}): number {
  const wanted = Object.entries(labels)
  return samples
    .filter((sample) => sample.name === name && wanted.every(([label, value]) => sample.labels[label] === value))
    .reduce((sum, { value }) => sum + value, 0)
}
