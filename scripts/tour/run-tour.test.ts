import { expect, test } from 'vitest'
import { AT_THE_START, type Decision, type Progress, type Reaction } from './engine.ts'
import { runTour, type Tour } from './run-tour.ts'
import type { Step } from './step.ts'

const text = { en: 'text', es: 'texto' }
const step = (id: string, more: Partial<Step> = {}): Step => ({ id, title: text, before: text, after: text, ...more })
const STEPS = [
  step('namespace', { command: 'create', expected: ['created'], undo: 'delete' }),
  step('forward', { command: 'forward', expected: ['ready'], keepsRunning: true }),
  step('look'),
  step('call', { command: 'call', expected: ['200'] }),
]

interface Given {
  outputs?: Record<string, string[]>
  decisions?: Record<string, Decision>
  reactions?: Reaction[]
  interruptedAt?: string
  /** Ctrl-C in the pause before this step. */
  interruptedBefore?: string
}

/** A tour whose terminal and shell are played; `log` is what happened. */
function played({ outputs = {}, decisions = {}, reactions = [], interruptedAt, interruptedBefore }: Given = {}) {
  const log: string[] = []
  let saved: Progress | undefined
  let interrupted = false
  const answer = (command: string) => {
    log.push(command)
    interrupted = command === interruptedAt
    const usual = { create: 'created', forward: 'ready', call: '200' }[command] ?? ''
    const output = outputs[command]?.shift() ?? usual
    return Promise.resolve({ failed: output === 'FAILED', output })
  }
  const tour: Tour = {
    steps: STEPS,
    screen: {
      announce: ({ id }, number, count) => log.push(`${id} ${number}/${count}`),
      decide: ({ id }) => {
        interrupted = id === interruptedBefore
        return Promise.resolve(decisions[id] ?? 'go')
      },
      judge: (_step, { fits }) => Promise.resolve(void log.push(fits ? 'fits' : 'differs')),
      react: () => Promise.resolve(reactions.shift() ?? 'go'),
    },
    shell: {
      run: answer,
      start: ({ command = '' }) => answer(command),
      isInterrupted: () => interrupted,
      close: () => Promise.resolve(),
    },
    save: (progress) => {
      saved = progress
      return Promise.resolve()
    },
  }
  return { tour, log, saved: () => saved }
}

test('announces, runs and judges each step', async () => {
  const { tour, log } = played()
  const { isLeft, progress } = await runTour(tour, AT_THE_START)
  expect(log).toEqual([
    ...['namespace 1/4', 'create', 'fits', 'forward 2/4', 'forward', 'fits'],
    ...['look 3/4', 'fits', 'call 4/4', 'call', 'fits'],
  ])
  expect({ isLeft, progress }).toEqual({
    isLeft: false,
    progress: { position: 4, changed: ['namespace'], surprises: [] },
  })
})

test('left before a step, it goes on there, and what kept running runs again', async () => {
  const first = played({ decisions: { call: 'leave' } })
  const { isLeft, progress } = await runTour(first.tour, AT_THE_START)
  expect({ isLeft, saved: first.saved() }).toEqual({ isLeft: true, saved: progress })
  const second = played()
  await runTour(second.tour, progress)
  expect(second.log).toEqual(['forward', 'call 4/4', 'call', 'fits'])
})

test('Ctrl-C during a command: the step comes again, and its change is known', async () => {
  const { tour, saved } = played({ interruptedAt: 'create' })
  expect((await runTour(tour, AT_THE_START)).isLeft).toBe(true)
  expect(saved()).toEqual({ position: 0, changed: ['namespace'], surprises: [] })
})

test('Ctrl-C before a command: it is not run', async () => {
  const { tour, log } = played({ interruptedBefore: 'forward' })
  const { isLeft, progress } = await runTour(tour, AT_THE_START)
  expect({ isLeft, position: progress.position }).toEqual({ isLeft: true, position: 1 })
  expect(log).not.toContain('forward')
})

test('a surprise can be tried again', async () => {
  const { tour, log } = played({ outputs: { call: ['503', '200'] }, reactions: ['again'] })
  const { progress } = await runTour(tour, { ...AT_THE_START, position: 3 })
  expect(log.slice(1)).toEqual(['call 4/4', 'call', 'differs', 'call', 'fits'])
  expect(progress.surprises).toEqual([])
})

test('or be left behind, and is named at the end', async () => {
  const { tour } = played({ outputs: { call: ['503'] }, reactions: ['go'] })
  expect((await runTour(tour, { ...AT_THE_START, position: 3 })).progress.surprises).toEqual(['call'])
})

test('or end the tour at this step', async () => {
  const { tour, saved } = played({ outputs: { create: ['FAILED'] }, reactions: ['leave'] })
  expect((await runTour(tour, AT_THE_START)).isLeft).toBe(true)
  expect(saved()).toEqual(AT_THE_START)
})

test('a skipped step runs nothing', async () => {
  const { tour, log } = played({ decisions: { namespace: 'skip', forward: 'skip', look: 'skip', call: 'skip' } })
  const { progress } = await runTour(tour, AT_THE_START)
  expect(log).toEqual(['namespace 1/4', 'forward 2/4', 'look 3/4', 'call 4/4'])
  expect(progress.changed).toEqual([])
})
