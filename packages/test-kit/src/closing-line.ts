import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/** The totals of a test run. */
export interface RunTotals {
  passed: number
  failed: number
  /** Tests that did not run, by the reason that `context.skip(reason)` gave. */
  skipped: Record<string, number>
}

/** Closes a run with one line: what passed, what failed, and why a test was skipped. */
export class ClosingLine implements Reporter {
  /** `folder`: where the totals are written; without it, no file is written. */
  readonly #folder: string | undefined

  constructor(folder?: string) {
    this.#folder = folder
  }

  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const totals = totalsOf(modules, unhandled.length)
    console.log(`\n${closingLine(totals)}\n`)
    if (this.#folder !== undefined) writeFileSync(join(this.#folder, `${process.pid}.json`), JSON.stringify(totals))
  }
}

/** A file that fails outside of its tests counts as one failure, and so does an uncaught error. */
function totalsOf(modules: readonly TestModule[], unhandled: number): RunTotals {
  const totals: RunTotals = { passed: 0, failed: unhandled, skipped: {} }
  for (const module of modules) {
    totals.failed += module.errors().length
    for (const suite of module.children.allSuites()) totals.failed += suite.errors().length
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === 'passed') totals.passed += 1
      if (result.state === 'failed') totals.failed += 1
      if (result.state !== 'skipped') continue
      const reason = result.note ?? 'no reason given'
      totals.skipped[reason] = (totals.skipped[reason] ?? 0) + 1
    }
  }
  return totals
}

/** `12 passed, 0 failed, 2 skipped (2: no kubectl on the PATH)`. */
export function closingLine({ passed, failed, skipped }: RunTotals): string {
  const reasons = Object.entries(skipped).map(([reason, count]) => `${count}: ${reason}`)
  const count = Object.values(skipped).reduce((sum, one) => sum + one, 0)
  return `${passed} passed, ${failed} failed${count === 0 ? '' : `, ${count} skipped (${reasons.join('; ')})`}`
}
