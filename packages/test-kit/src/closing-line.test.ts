import { expect, test } from 'vitest'
import { closingLine } from './closing-line.ts'

test('counts, and each reason for which tests were skipped', () => {
  expect(closingLine({ passed: 3, failed: 0, skipped: {} })).toBe('3 passed, 0 failed')
  expect(closingLine({ passed: 3, failed: 1, skipped: { 'no kubectl': 2, 'no Docker': 1 } })).toBe(
    '3 passed, 1 failed, 3 skipped (2: no kubectl; 1: no Docker)',
  )
})
