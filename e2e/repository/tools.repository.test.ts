import { expect, test } from 'vitest'
import { tool } from './tools.ts'

// A check that looked at nothing would pass, so each one also checks how much it saw.

test('Biome finds nothing to format or fix', async () => {
  const { status, output } = await tool('biome', ['check', '--colors=off', '.'])
  expect(status, output).toBe(0)
  expect(Number(/Checked (\d+) files/.exec(output)?.[1]), output).toBeGreaterThan(50)
})

test('no promise is left unhandled, and the other lint rules that need types hold', async () => {
  const { status, output } = await tool('oxlint', ['--type-aware', '--deny-warnings', '.'])
  expect(status, output).toBe(0)
  expect(Number(/on (\d+) files/.exec(output)?.[1]), output).toBeGreaterThan(50)
})

test('the types hold', async () => {
  const { status, output } = await tool('tsc', ['-p', '.', '--listFilesOnly'])
  const sources = output.split('\n').filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
  expect(sources.length, output).toBeGreaterThan(50)
  expect(status, output).toBe(0)
  // The browser client has its own types: a service must not see `document`.
  for (const project of ['.', 'packages/live-page']) {
    const check = await tool('tsc', ['-p', project])
    expect(check.status, check.output).toBe(0)
  }
})

test('every file, export and dependency is used', async () => {
  const { status, output } = await tool('knip', ['--no-progress'])
  expect(status, output).toBe(0)
})
