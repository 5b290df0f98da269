import { expect, test } from 'vitest'
import type { Expectation } from '../src/expectations/expectation.ts'
import { factsOnly, type Observation } from '../src/expectations/observation.ts'

interface Case {
  expectation: Expectation
  holds: Observation
  /** Observations that differ from `holds` in what the expectation is about. */
  fails: Observation[]
}

/** For tests: each expectation holds and fails where it must, and does neither if nothing was observed. */
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
