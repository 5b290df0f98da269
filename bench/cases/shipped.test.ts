import { expect, test } from 'vitest'
import { nodeFlagsOf } from './shipped.ts'

test.each(['provider', 'consumer'] as const)('the flags of the %s are those of its image', (service) => {
  const flags = nodeFlagsOf(service)
  expect(flags.every((flag) => flag.startsWith('--'))).toBe(true)
})
