import { expect, test } from 'vitest'
import { answered, refused, reportOf } from '../../testing/fixtures.ts'
import { mergeReports } from './merge-bursts.ts'

test('two bursts become one: counts are added, and calls have the time at which they were made', () => {
  const merged = mergeReports([
    { sentAtMs: 5000, report: reportOf(answered(3, { latencyMs: 5 })) },
    {
      sentAtMs: 5600,
      report: reportOf([...answered(2, { pod: 'b', latencyMs: 9 }), ...refused(1, 503, { latencyMs: 1 })]),
    },
  ])
  expect(merged).toMatchObject({
    total: 6,
    byStatus: { 200: 5, 503: 1 },
    byOrigin: { mesh: 1 },
    byPod: { 'provider-v1-a': 3, b: 2 },
    latencyMs: { min: 1, max: 9, p50: 5 },
    durationMs: 1600,
  })
  expect(merged.calls?.map(({ startMs }) => startMs)).toEqual([0, 0, 0, 600, 600, 600])
  expect(() => mergeReports([])).toThrow('no report')
})
