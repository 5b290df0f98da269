// Adds up the results that the test runs left, one JSON file a run. A run that left none did not get to its end.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder = '.', expectedRuns = '1'] = process.argv.slice(2)
const runs = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
const sum = (key) => runs.reduce((total, run) => total + run[key], 0)
const missing = Number(expectedRuns) - runs.length
const failed = sum('numFailedTests') + sum('numFailedTestSuites') * Number(sum('numFailedTests') === 0) + missing
const skipped = sum('numPendingTests') + sum('numTodoTests')

console.log(`\n${sum('numPassedTests')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 || sum('numPassedTests') === 0 ? 1 : 0
