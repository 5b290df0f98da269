import { expect, test } from 'vitest'
import { interrupts } from './interrupts.ts'

function pressed(...times: number[]) {
  const said: string[] = []
  let exits = 0
  let nowMs = 0
  const { interrupted, leave, onSignal } = interrupts(
    (line) => said.push(line),
    () => {
      exits += 1
    },
    () => nowMs,
  )
  for (const time of times) {
    nowMs = time
    onSignal()
  }
  return { interrupted: interrupted.aborted, leave: leave.aborted, exits, said: said.length }
}

test('signals within half a second are one press', () => {
  expect(pressed(0, 10, 490)).toEqual({ interrupted: true, leave: false, exits: 0, said: 1 })
})

test('a signal that is ignored does not put off the next press', () => {
  expect(pressed(0, 400, 800)).toEqual({ interrupted: true, leave: true, exits: 0, said: 2 })
})

test('the second press ends the wait, the third the process', () => {
  expect(pressed(0, 600)).toEqual({ interrupted: true, leave: true, exits: 0, said: 2 })
  expect(pressed(0, 600, 1200)).toEqual({ interrupted: true, leave: true, exits: 1, said: 2 })
})
