import { Histogram, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { DurationHistogram } from './duration-histogram.ts'

const LABELS = { http_request_method: 'GET', http_response_status_code: 200, error_type: '' }

test("the scrape shows what prom-client's own histogram shows", async () => {
  const ours = new Registry()
  const histogram = new DurationHistogram('d_seconds', 'help', Object.keys(LABELS), ours)
  const prom = new Registry()
  const reference = new Histogram({
    name: 'd_seconds',
    help: 'help',
    labelNames: Object.keys(LABELS),
    buckets: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    registers: [prom],
  })
  for (const ms of [0, 4, 5, 6, 75, 1000, 9_999, 10_000, 60_000]) {
    histogram.observe(Object.values(LABELS), ms)
    reference.observe(LABELS, ms / 1000)
  }
  const text = await ours.metrics()
  expect(text).toContain('d_seconds_bucket{le="0.005"')
  expect(text).toBe(await prom.metrics())
})

test('each set of labels is a series of its own, whatever came before', async () => {
  const registry = new Registry()
  const histogram = new DurationHistogram('d_seconds', 'help', ['status', 'error'], registry)
  histogram.observe([200, ''], 1)
  histogram.observe([503, 'X'], 1)
  histogram.observe([503, ''], 1)
  histogram.observe([200, ''], 1)
  histogram.observe([200, ''], 1)
  const text = await registry.metrics()
  expect(text).toContain('d_seconds_count{status="200",error=""} 3')
  expect(text).toContain('d_seconds_count{status="503",error="X"} 1')
  expect(text).toContain('d_seconds_count{status="503",error=""} 1')
})
