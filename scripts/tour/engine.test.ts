import { expect, test } from 'vitest'
import { AT_THE_START, afterRun, afterSkip, compare, nextStep, standingSteps, undoCommands } from './engine.ts'
import type { Step } from './step.ts'

const text = { en: 'text', es: 'texto' }
const step = (id: string, more: Partial<Step> = {}): Step => ({ id, title: text, before: text, after: text, ...more })
const STEPS = [
  step('namespace', { command: 'create', undo: 'delete namespace' }),
  step('forward', { command: 'forward', keepsRunning: true }),
  step('on', { command: 'apply', undo: 'unapply', expected: ['created'] }),
  step('look'),
  step('off', { command: 'unapply', undoes: 'on' }),
]
const [namespace, , on, , off] = STEPS as [Step, Step, Step, Step, Step]
const FITS = { fits: true } as const

test('steps come one after the other, until there is none', () => {
  expect(nextStep(STEPS, AT_THE_START)?.id).toBe('namespace')
  expect(nextStep(STEPS, afterSkip(AT_THE_START))?.id).toBe('forward')
  expect(nextStep(STEPS, { ...AT_THE_START, position: STEPS.length })).toBeUndefined()
})

test('what was done is undone, newest first, and once', () => {
  const both = afterRun(afterRun(AT_THE_START, namespace, FITS), on, FITS)
  expect(undoCommands(STEPS, both)).toEqual(['unapply', 'delete namespace'])
  expect(undoCommands(STEPS, afterRun(both, on, FITS))).toEqual(['unapply', 'delete namespace'])
})

test('a step that undoes another leaves nothing to undo of it', () => {
  const both = afterRun(afterRun(AT_THE_START, namespace, FITS), on, FITS)
  expect(undoCommands(STEPS, afterRun(both, off, FITS))).toEqual(['delete namespace'])
})

test('a skipped step changes nothing', () => expect(undoCommands(STEPS, afterSkip(AT_THE_START))).toEqual([]))

test('a command that failed is not taken back: the namespace may be another one', () => {
  const after = afterRun(AT_THE_START, namespace, compare(namespace, { failed: true, output: '' }))
  expect(undoCommands(STEPS, after)).toEqual([])
  expect(after.surprises).toEqual(['namespace'])
})

test('a command that printed something else did what it does', () => {
  const after = afterRun(AT_THE_START, on, compare(on, { failed: false, output: 'unchanged' }))
  expect(undoCommands(STEPS, after)).toEqual(['unapply'])
})

test('an outcome fits, differs or failed', () => {
  expect(compare(on, { failed: false, output: 'created\n' })).toEqual(FITS)
  expect(compare(on, { failed: false, output: 'unchanged\n' })).toEqual({
    fits: false,
    why: 'differs',
    line: 'created',
  })
  expect(compare(on, { failed: true, output: 'created\n' })).toEqual({ fits: false, why: 'failed', line: undefined })
  expect(compare(namespace, { failed: false, output: 'anything' })).toEqual(FITS)
})

test('only what keeps running, and was started, is started again', () => {
  expect(standingSteps(STEPS, { ...AT_THE_START, position: 1 })).toEqual([])
  expect(standingSteps(STEPS, { ...AT_THE_START, position: 4 }).map(({ id }) => id)).toEqual(['forward'])
})
