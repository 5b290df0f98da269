import { expect, test } from 'vitest'
import { timeWording } from './wording.ts'

test('a time names the features that were measured meanwhile', () => {
  expect(timeWording({ durationMs: 57_000 })).toBe('57.0 s')
  expect(timeWording({ durationMs: 57_000, measuredWith: ['rollout'] })).toBe('57.0 s, with rollout')
})
