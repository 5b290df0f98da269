import { arbitraryFault } from '@linkerd-scenario/test-kit/arbitrary-fault'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { canonicalFault, formatFaults } from './format-faults.ts'
import { parseFaults } from './parse-faults.ts'
import { readFaults } from './read-faults.ts'

test('what is formatted is parsed again', () => {
  fc.assert(
    fc.property(fc.array(arbitraryFault, { minLength: 1, maxLength: 16 }), (faults) => {
      expect(parseFaults(formatFaults(faults))).toEqual(faults)
    }),
  )
})

test('what is sent as JSON is read again', () => {
  fc.assert(
    fc.property(fc.array(arbitraryFault, { minLength: 1, maxLength: 16 }), (faults) => {
      expect(readFaults(JSON.parse(JSON.stringify(faults)))).toEqual(faults)
    }),
  )
})

test('writes the parameters in one order, and quotes only what is not a token', () => {
  expect(
    formatFaults([
      { at: 'provider/v2', times: 1, rate: 0.3, 'retry-after': 5, code: 429, kind: 'status' },
      { kind: 'reset', at: '2nd/v1' },
    ]),
  ).toBe('status;code=429;retry-after=5;rate=0.3;times=1;at=provider/v2, reset;at="2nd/v1"')
})

test('faults that mean the same have one canonical text', () => {
  const texts = ['hang', 'hang;rate=1', 'hang;at=provider', 'hang;at="provider";rate=1.0']
  expect(new Set(texts.flatMap(parseFaults).map(canonicalFault))).toEqual(new Set(['hang']))
  expect(canonicalFault({ kind: 'hang', at: 'consumer', rate: 0 })).toBe('hang;rate=0;at=consumer')
})
