import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { TrafficSettingsSchema } from './live.ts'
import { LIVE_LATENCY_BOUNDS_MS } from './live-limits.ts'

const defaults = Value.Default(TrafficSettingsSchema, {}) as object

test('empty settings get all defaults, and start modest traffic', () => {
  expect(Value.Check(TrafficSettingsSchema, defaults)).toBe(true)
  expect(defaults).toMatchObject({ paused: false, rate: 10, in: '', route: '', fault: '' })
})

test.each([
  { rate: -1 },
  { rate: 1001 },
  { concurrency: 0 },
  { minutes: 1000 },
  { route: 'a\r\nb: c' },
  { route: ' a' },
  { other: 1 },
])('refuses %j', (wrong) => {
  expect(Value.Check(TrafficSettingsSchema, { ...defaults, ...wrong })).toBe(false)
})

test.each([{ rate: 0 }, { rate: 0.5 }, { rate: 1000 }, { route: 'v2' }, { route: 'a b' }, { in: '<script>\u0000' }])(
  'takes %j',
  (right) => {
    expect(Value.Check(TrafficSettingsSchema, { ...defaults, ...right })).toBe(true)
  },
)

test('the bounds of the buckets ascend', () => {
  expect([...LIVE_LATENCY_BOUNDS_MS].toSorted((a, b) => a - b)).toEqual(LIVE_LATENCY_BOUNDS_MS)
})
