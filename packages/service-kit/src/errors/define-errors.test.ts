import { expect, test } from 'vitest'
import { defineErrors, ProblemError } from './define-errors.ts'

const errors = defineErrors({ FULL: { status: 503, title: 'The shelf is full', cause: 'Too many books' } })

test('a factory makes the error of its row', () => {
  const error = errors.FULL()
  expect(error).toBeInstanceOf(ProblemError)
  expect(error).toMatchObject({ code: 'FULL', status: 503, title: 'The shelf is full', message: 'The shelf is full' })
})

test('options of the call override the row', () => {
  const cause = new Error('x')
  const error = errors.FULL({ status: 507, title: 'No room', detail: 'Shelf 3 is full', cause })
  expect(error).toMatchObject({ code: 'FULL', status: 507, title: 'No room', message: 'Shelf 3 is full', cause })
})
