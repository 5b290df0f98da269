import { expect, test } from 'vitest'
import { FaultStore } from './fault-store.ts'

const N = 20_000
// Two-sided 99.9 % of the normal distribution.
const Z = 3.2905

function decisions(rate: number, seed: string, n = N): boolean[] {
  const store = new FaultStore({ enabled: true, service: 'provider', version: 'v1', seed })
  return Array.from({ length: n }, () => store.plan(`reset;rate=${rate}`, 1) !== undefined)
}

const count = (hits: readonly boolean[]) => hits.filter(Boolean).length

/** Pearson's correlation of two equally long series; within Z/√n of 0 where they are independent. */
function correlation(a: readonly boolean[], b: readonly boolean[]): number {
  const [meanA, meanB, both] = [count(a), count(b), a.filter((hit, i) => hit && b[i]).length].map((n) => n / a.length)
  if (meanA === undefined || meanB === undefined || both === undefined) throw new Error('no series')
  return (both - meanA * meanB) / Math.sqrt(meanA * (1 - meanA) * meanB * (1 - meanB))
}

test.each([0.01, 0.1, 0.3, 0.5, 0.6, 0.99])('a rate of %d is met, without a pattern', (rate) => {
  const hits = decisions(rate, 'fault-rate')
  const deviation = Math.sqrt(rate * (1 - rate))
  expect(Math.abs(count(hits) - N * rate)).toBeLessThan(Z * deviation * Math.sqrt(N))

  // What one decision says of the next, and the one after: a retry must not profit from it.
  for (const lag of [1, 2, 3]) {
    expect(Math.abs(correlation(hits.slice(lag), hits.slice(0, -lag))), `lag ${lag}`).toBeLessThan(
      Z / Math.sqrt(N - lag),
    )
  }

  // Runs of equal decisions: a fixed pattern has too many, clumps have too few (Wald and Wolfowitz).
  const ones = count(hits)
  const runs = 1 + hits.slice(1).filter((hit, i) => hit !== hits[i]).length
  const expectedRuns = 1 + (2 * ones * (N - ones)) / N
  const runsDeviation = Math.sqrt(((expectedRuns - 1) * (expectedRuns - 2)) / (N - 1))
  expect(Math.abs(runs - expectedRuns)).toBeLessThan(Z * runsDeviation)

  // The two halves are independent.
  const first = hits.slice(0, N / 2)
  const second = hits.slice(N / 2)
  expect(Math.abs(correlation(first, second))).toBeLessThan(Z / Math.sqrt(N / 2))
  expect(Math.abs(count(first) - count(second))).toBeLessThan(Z * deviation * Math.sqrt(N))
})

test.each([0.1, 0.5])(
  'over many seeds the counts at a rate of %d scatter as chance does, no more and no less',
  (rate) => {
    const [seeds, n] = [300, 2000]
    const scores = Array.from(
      { length: seeds },
      (_, seed) => (count(decisions(rate, `seed ${seed}`, n)) - n * rate) / Math.sqrt(n * rate * (1 - rate)),
    )
    const sum = scores.reduce((total, score) => total + score, 0)
    const sumOfSquares = scores.reduce((total, score) => total + score ** 2, 0)
    expect(Math.abs(sum)).toBeLessThan(Z * Math.sqrt(seeds))
    expect(Math.abs(sumOfSquares - seeds)).toBeLessThan(Z * Math.sqrt(2 * seeds))
  },
)

test('a rate of 0 hits no request, a rate of 1 hits all', () => {
  expect(count(decisions(0, 'any'))).toBe(0)
  expect(count(decisions(1, 'any'))).toBe(N)
})

test('the same seed hits the same requests, another seed others', () => {
  expect(decisions(0.3, 'one', 1000)).toEqual(decisions(0.3, 'one', 1000))
  expect(decisions(0.3, 'two', 1000)).not.toEqual(decisions(0.3, 'one', 1000))
})

test('two faults of a list hit independently of each other, even when they are the same', () => {
  const store = new FaultStore({ enabled: true, service: 'provider', version: 'v1', seed: 'pair' })
  let both = 0
  for (let i = 0; i < N; i += 1) {
    if (store.plan('delay;ms=1;rate=0.5, delay;ms=1;rate=0.5', 1)?.waits.length === 2) both += 1
  }
  expect(Math.abs(both - N / 4)).toBeLessThan(Z * Math.sqrt((N * 3) / 16))
})
