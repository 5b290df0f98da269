import { expect, test } from 'vitest'
import type { Expectation } from '../src/expectations/expectation.ts'
import { factsOnly, type Observation } from '../src/expectations/observation.ts'

interface Case {
  expectation: Expectation
  holds: Observation
  /** Each differs from what holds in what the expectation is about. */
  fails: Observation[]
}

/** For tests: each expectation holds of what it must, fails of what it must, and does neither where nothing was observed. */
export function holdCases(cases: readonly Case[]): void {
  test.each(cases.map((one) => ({ ...one, name: one.expectation.name })))('$name', ({ expectation, holds, fails }) => {
    const good = expectation.judge(holds)
    expect(good.holds, good.seen).toBe(true)
    for (const observation of fails) {
      const bad = expectation.judge(observation)
      expect(bad.holds, bad.seen).toBe(false)
    }
    expect(expectation.judge(factsOnly({})).holds).toBeUndefined()
  })
}
