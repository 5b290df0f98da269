import { FEATURES } from '../../../prove/src/features/index.ts'
import type { Behaviour } from '../behaviour.ts'

/** A mesh that breaks a promise, and exactly the features that the prover must deny it. */
export interface BrokenMesh {
  name: string
  behaviour: Partial<Behaviour>
  denied: readonly string[]
  /** What the first feature's reason must contain. */
  says: RegExp
}

export const all = FEATURES.map(({ name }) => name)
export const allBut = (...names: readonly string[]) => all.filter((name) => !names.includes(name))
