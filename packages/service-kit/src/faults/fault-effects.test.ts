import { parseFaults } from '@linkerd-scenario/contract'
import { expect, test } from 'vitest'
import { ProblemError } from '../errors/define-errors.ts'
import { newAnswerShape } from './answer-shape.ts'
import { effectOf } from './fault-effects.ts'

function effect(text: string) {
  const [fault] = parseFaults(text)
  if (fault === undefined) throw new Error(`no fault in ${text}`)
  return effectOf(fault)
}

/** The calls that a fault makes to end a request. */
function ended(text: string): unknown[] {
  const calls: unknown[] = []
  const one = effect(text)
  if (one.phase !== 'end') throw new Error(`${text} does not end the request`)
  one.end({
    answer: (error) => calls.push(['answer', error]),
    cut: (how) => calls.push(['cut', how]),
    hang: () => calls.push(['hang']),
  })
  return calls
}

test('each kind that ends a request does so in its own way', () => {
  expect(ended('reset')).toEqual([['cut', 'reset']])
  expect(ended('close')).toEqual([['cut', 'close']])
  expect(ended('hang')).toEqual([['hang']])
})

test('status answers a problem with its code and Retry-After', () => {
  const [[how, problem] = []] = ended('status;code=429;retry-after=3') as [string, ProblemError][]
  expect(how).toBe('answer')
  expect(problem).toBeInstanceOf(ProblemError)
  expect(problem).toMatchObject({ code: 'FAULT_INJECTED', status: 429 })
  expect(problem?.options.headers).toEqual({ 'retry-after': '3' })
})

test('the length of a delay follows the random number', () => {
  const delay = effect('delay;ms=100;max=200')
  expect(delay.phase === 'wait' && [delay.ms(0), delay.ms(0.5)]).toEqual([100, 150])
})

test('size and truncate change the answer, in any order', () => {
  for (const texts of [
    ['size;bytes=9', 'truncate;bytes=2'],
    ['truncate;bytes=2', 'size;bytes=9'],
  ]) {
    const shape = newAnswerShape()
    for (const one of texts.map(effect)) if (one.phase === 'shape') one.shape(shape)
    expect(shape).toEqual({ minimumBytes: 9, sentBytes: 2, headers: { connection: 'close' } })
  }
})
