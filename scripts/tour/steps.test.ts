import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { NAMESPACE } from './namespace.ts'
import { tourSteps } from './steps.ts'

const steps = tourSteps(6000)
const root = join(import.meta.dirname, '../..')

test.each(steps)('$id speaks both languages', ({ title, before, after, otherwise }) => {
  for (const text of [title, before, after, otherwise ?? title]) {
    expect(text.en).not.toBe('')
    expect(text.es).not.toBe('')
  }
  expect(after.en).not.toBe(after.es)
})

test.each(steps.filter(({ command }) => command !== undefined))(
  '$id stays in the namespace of the tour',
  ({ command, expected, undo }) => {
    expect(expected?.length).toBeGreaterThan(0)
    for (const one of [command ?? '', undo ?? '']) {
      for (const part of one.split(' && ')) {
        if (part.startsWith('kubectl')) expect(part).toContain(NAMESPACE)
      }
      for (const [, folder = ''] of one.matchAll(/-k (\S+)/g)) expect(existsSync(join(root, folder))).toBe(true)
    }
  },
)

test('each id is there once, and what is undone by a step is a step before it', () => {
  const ids = steps.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  for (const [at, { undoes }] of steps.entries()) if (undoes !== undefined) expect(ids.slice(0, at)).toContain(undoes)
})

test('it uses the ports that it was given', () => {
  const other = JSON.stringify(tourSteps(26_000))
  expect(other).toContain('localhost:26001')
  expect(other).not.toMatch(/localhost:600[01]/)
})

test('it ends with a proof', () => expect(steps.at(-1)?.command).toMatch(/^npm run prove /))
