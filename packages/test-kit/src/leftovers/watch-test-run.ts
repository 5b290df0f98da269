import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leftovers } from './leftovers.ts'

/**
 * Around the whole run: a temporary folder for it, and at its end a last look for what no test file answered for, such
 * as what the set-up of a project started. Throws, which fails the run.
 */
export default function watchTestRun(): (() => Promise<void>) | undefined {
  // Each project calls this; the first one does the work.
  if (process.env['TEST_RUN'] !== undefined) return undefined
  const temporary = process.env['TMPDIR']
  const folder = mkdtempSync(join(tmpdir(), 'scenario-tests-'))
  // Other users run commands below it.
  chmodSync(folder, 0o755)
  const run = `run-${process.pid}`
  process.env['TEST_RUN'] = run
  process.env['TMPDIR'] = folder
  return async () => {
    const left = await leftovers({ mark: `${run} `, folder })
    delete process.env['TEST_RUN']
    if (temporary === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = temporary
    rmSync(folder, { recursive: true, force: true })
    if (left.length > 0) throw new Error(`The run leaves behind:\n${left.map((line) => `  ${line}`).join('\n')}`)
  }
}
