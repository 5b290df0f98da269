import { createHash } from 'node:crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

/** Numbers from 0 (included) to 1 (excluded), each a multiple of 2^-53: a share of them is exact in expectation. */
export type RandomStream = () => number

/**
 * The stream that belongs to a seed and a name: the same two give the same numbers in every process. The state is a
 * hash of both, so streams with similar names are independent.
 */
export function randomStream(seed: string, ...name: readonly string[]): RandomStream {
  const hash = createHash('sha256')
    .update(JSON.stringify([seed, ...name]))
    .digest()
  const generator = xoroshiro128plusFromState([0, 4, 8, 12].map((offset) => hash.readInt32LE(offset)))
  return () => uniformFloat64(generator)
}

/** A seed that no other process has. */
export function newSeed(): string {
  const digits = () => Math.floor(Math.random() * 0x1_0000_0000).toString(16)
  return `${digits().padStart(8, '0')}${digits().padStart(8, '0')}`
}
