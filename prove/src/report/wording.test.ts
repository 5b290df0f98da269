import { expect, test } from 'vitest'
import { namespacesWording, timeWording } from './wording.ts'

test('a time names the features that were measured meanwhile', () => {
  expect(timeWording({ durationMs: 57_000 })).toBe('57.0 s')
  expect(timeWording({ durationMs: 57_000, measuredWith: ['rollout'] })).toBe('57.0 s, with rollout')
})

test('the namespaces are those that were used, not those that were asked for', () => {
  const used = (...namespaces: string[]) =>
    namespacesWording({ namespace: 'prove-1', lanes: namespaces.length, namespaces })
  expect(used()).toBe('prove-1')
  expect(used('prove-1')).toBe('prove-1')
  expect(used('prove-1-2')).toBe('prove-1-2')
  expect(used('prove-1', 'prove-1-3')).toBe('prove-1 and prove-1-3, 2 lanes')
  expect(used('prove-1', 'prove-1-2', 'prove-1-3')).toBe('prove-1, prove-1-2 and prove-1-3, 3 lanes')
})

test('of a report that does not name them, they follow from their number', () => {
  expect(namespacesWording({ namespace: 'prove-1' })).toBe('prove-1')
  expect(namespacesWording({ namespace: 'prove-1', lanes: 1 })).toBe('prove-1')
  expect(namespacesWording({ namespace: 'prove-1', lanes: 3 })).toBe('prove-1 to prove-1-3, 3 lanes')
})
