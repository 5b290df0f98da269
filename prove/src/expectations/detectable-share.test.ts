import { expect, test } from 'vitest'
import { detectable } from './detectable-share.ts'

test('a thousand calls distinguish a tenth from 16 % and from 5 %', () => {
  const { below, above } = detectable(1000, 0.1)
  expect(above).toBeGreaterThan(0.15)
  expect(above).toBeLessThan(0.18)
  expect(below).toBeGreaterThan(0.04)
  expect(below).toBeLessThan(0.06)
})
