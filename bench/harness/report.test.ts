import { expect, test } from 'vitest'
import type { Row } from './case.ts'
import { figure, holds, table } from './report.ts'

const row: Row = {
  what: 'CPU time a request',
  unit: 'µs',
  subject: 33.333,
  baseline: 22.2,
  ratio: { median: 1.5, q1: 1.4, q3: 1.6, count: 7 },
  mustBe: { atMost: 1.8 },
}

test('the bounds apply to the ratio, or to the figure if there is no ratio', () => {
  expect(holds(row)).toBe(true)
  expect(holds({ ...row, mustBe: { atMost: 1.4 } })).toBe(false)
  expect(holds({ ...row, mustBe: { atLeast: 1.6 } })).toBe(false)
  expect(holds({ what: 'probe', unit: 'ms', subject: 101, mustBe: { atMost: 100 } })).toBe(false)
  expect(holds({ what: 'probe', unit: 'ms', subject: 101 })).toBeUndefined()
})

test('the table shows figures, ratio, spread and verdict', () => {
  const text = table({ name: 'x', title: 'a case', tookSeconds: 3, rows: [row], wrong: 0, notes: ['a note'] })
  expect(text).toContain('33.3 µs')
  expect(text).toMatch(/1\.50 +1\.40–1\.60 +≤ 1\.8 +holds/)
  expect(text).toContain('a note')
})

test('wrong answers are reported in capitals', () => {
  expect(table({ name: 'x', title: '', tookSeconds: 0, rows: [row], wrong: 3 })).toContain('3 ANSWERS WERE WRONG')
})

test.each([
  [12_345.6, '12346'],
  [99.96, '100'],
  [1.23456, '1.23'],
  [0.00123456, '0.00123'],
])('%d reads %s', (value, text) => {
  expect(figure(value)).toBe(text)
})
