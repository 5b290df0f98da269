import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

test.each([
  ['prove', '--dry-run', 'npm run prove -- --dry-run'],
  ['start', '--faults', 'npm run start -- --faults'],
])('npm run %s %s says where the option belongs, and runs nothing', async (script, option, right) => {
  const { all, exitCode } = await execa('npm', ['run', script, option], { cwd: root, all: true, reject: false })
  expect(exitCode).toBe(2)
  expect(all).toContain(`Write -- before it: ${right}`)
  expect(all).not.toContain('Both services are ready')
})
