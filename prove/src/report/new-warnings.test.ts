import { expect, test } from 'vitest'
import { NewWarnings } from './new-warnings.ts'

test('a warning is told once, another one is told too', () => {
  const warnings = new NewWarnings()
  const told = [undefined, 'a', 'a', 'b', 'a', undefined].map((warning) => warnings.sentence(warning))
  expect(told).toEqual([
    undefined,
    'Last warning of the cluster: a',
    undefined,
    'Last warning of the cluster: b',
    undefined,
    undefined,
  ])
})
