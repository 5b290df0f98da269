import { seeded } from '@linkerd-scenario/test-kit/seeded'
import { FEATURES } from '../../prove/src/features/index.ts'
import { isAll } from './extent.ts'

export const SEED = Number(process.env['PROVE_SEED'] ?? 1)
const MOMENTS = Number(process.env['PROVE_INTERRUPTS'] ?? (isAll ? 20 : 2))
/** Most features are done by then: some are interrupted at their start, some in the middle, some at their end. */
const LATEST_MS = 12_000
const NAMES = FEATURES.map(({ name }) => name)
/** The rest of a run that begins with one of these takes longer than that, also in three lanes. */
const FIRST = NAMES.slice(0, -6)
/** Longer than the half second within which signals count as one. */
export const NEXT_PRESS_MS = 700

/** When to press Ctrl-C, and how often: once and twice in turn. */
export interface Moment {
  /** The run begins with this feature. */
  feature: string
  ms: number
  presses: number
}

/** Random moments, the same for the same seed. */
export function randomMoments(): Moment[] {
  const random = seeded(SEED)
  return Array.from({ length: MOMENTS }, (_, index) => ({
    feature: FIRST[Math.floor(random() * FIRST.length)] ?? '',
    ms: Math.round(random() * LATEST_MS),
    presses: 1 + (index % 2),
  }))
}

/** The features from this one on. */
export function featuresFrom({ feature }: Moment): string[] {
  return NAMES.slice(NAMES.indexOf(feature))
}
