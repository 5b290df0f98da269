import { expect, test } from 'vitest'
import { BOX_HEIGHT, fitted, mapLayout } from './map-layout.ts'

test.each([320, 560, 1200])('at a width of %i the boxes fit, and none covers another', (width) => {
  const { top, end, podX, podWidth, consumerWidth, height } = mapLayout(width, 4)
  expect(consumerWidth).toBeLessThan(podX)
  expect(podX + podWidth).toBeLessThanOrEqual(width)
  const tops = [0, 1, 2, 3].map(top)
  for (const [row, y] of tops.entries()) {
    expect(y).toBeGreaterThanOrEqual(row === 0 ? 0 : (tops[row - 1] ?? 0) + BOX_HEIGHT)
    expect(end(row)).toEqual([podX, y + BOX_HEIGHT / 2])
  }
  expect((tops[3] ?? 0) + BOX_HEIGHT).toBeLessThanOrEqual(height)
})

test('a single box is level with the consumer', () => {
  const { start, end } = mapLayout(1200, 1)
  expect(end(0)[1]).toBe(start[1])
})

test('a long name keeps its beginning and its end', () => {
  expect(fitted('provider-v1-7c9d8f6b5-x2x4z', 150)).toBe('provider-v1…-x2x4z')
  expect(fitted('provider', 150)).toBe('provider')
})
