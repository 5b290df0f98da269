import { expect, test } from 'vitest'
import { rotated } from './spread-lookup.ts'

const of = (...addresses: string[]) => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

test('each address comes first as often as any other, and none is lost', () => {
  const three = of('10.0.0.1', '10.0.0.2', '10.0.0.3')
  const firsts = [0, 0.33, 0.34, 0.66, 0.67, 0.99].map((share) => rotated(three, share)[0]?.address)
  expect(firsts).toEqual(['10.0.0.1', '10.0.0.1', '10.0.0.2', '10.0.0.2', '10.0.0.3', '10.0.0.3'])
  for (const share of [0, 0.5, 0.99]) expect(rotated(three, share).toSorted(byAddress)).toEqual(three)
})

test('the order of the families does not change', () => {
  const both = of('::1', '10.0.0.1', '::2', '10.0.0.2')
  expect(rotated(both, 0.5)).toEqual(of('::2', '10.0.0.2', '::1', '10.0.0.1'))
  expect(rotated(of('::1', '127.0.0.1'), 0.9)).toEqual(of('::1', '127.0.0.1'))
  expect(rotated([], 0.9)).toEqual([])
})

function byAddress(a: { address: string }, b: { address: string }): number {
  return a.address.localeCompare(b.address)
}
