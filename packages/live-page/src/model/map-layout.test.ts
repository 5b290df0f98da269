import { expect, test } from 'vitest'
import { BOX_HEIGHT, fitted, mapLayout } from './map-layout.ts'

test.each([320, 560, 1200])('at a width of %i the boxes fit, and none covers another', (width) => {
  const { isNarrow, top, end, podX, podWidth, consumer, height } = mapLayout(width, 4)
  const tops = [0, 1, 2, 3].map(top)
  if (isNarrow) expect(tops[0]).toBeGreaterThan(consumer.top + consumer.height)
  else expect(podX).toBeGreaterThan(consumer.width)
  expect(podX + podWidth).toBeLessThanOrEqual(width)
  expect(consumer.width).toBeLessThanOrEqual(width)
  for (const [row, y] of tops.entries()) {
    expect(y).toBeGreaterThanOrEqual(row === 0 ? 0 : (tops[row - 1] ?? 0) + BOX_HEIGHT)
    expect(end(row)).toEqual([podX, y + BOX_HEIGHT / 2])
  }
  expect((tops[3] ?? 0) + BOX_HEIGHT).toBeLessThanOrEqual(height)
})

test.each([320, 1200])('at a width of %i each edge goes from the consumer to its box', (width) => {
  const { start, end, edge } = mapLayout(width, 3)
  for (const row of [0, 1, 2]) {
    expect(edge(row)).toMatch(new RegExp(`^M${start.join(' ')}[A-Z].* ${end(row).join(' ')}$`))
  }
})

test('a single box is level with the consumer', () => {
  const { start, end } = mapLayout(1200, 1)
  expect(end(0)[1]).toBe(start[1])
})

test('a long name keeps its beginning and its end', () => {
  expect(fitted('provider-v1-7c9d8f6b5-x2x4z', 150)).toBe('provider-v1…-x2x4z')
  expect(fitted('provider', 150)).toBe('provider')
})
