import { FEATURES } from '../../../prove/src/features/index.ts'
import type { Behaviour } from '../behaviour.ts'

/** A mesh that breaks a promise, and the features that the prover must deny it: these and no others. */
export interface BrokenMesh {
  name: string
  behaviour: Partial<Behaviour>
  denied: readonly string[]
  /** What the reason of the first of them must say. */
  says: RegExp
}

export const all = FEATURES.map(({ name }) => name)
export const allBut = (...names: readonly string[]) => all.filter((name) => !names.includes(name))
