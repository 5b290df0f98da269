import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rows, variableQueries } from '../../scripts/dashboards/dashboard.ts'
import type { Query } from '../../scripts/dashboards/panel.ts'
import { type Expected, expectedOf, WINDOW_S } from './expected.ts'
import { KnownTraffic } from './known-traffic.ts'
import { Prometheus, type Series } from './prometheus.ts'
import { RecordedPage } from './recorded-page.ts'

/** Prometheus extrapolates to the edges of the window: by half an interval out of more than 40. */
const TOLERANCE = 0.04
const SCRAPES = 20

let prometheus: Prometheus
let expected: Map<string, Expected>
let at: number
const resources = new AsyncDisposableStack()

beforeAll(async () => {
  const traffic = resources.use(await KnownTraffic.start())
  const pages = {
    consumer: resources.use(new RecordedPage('consumer-proxy.txt')),
    provider: resources.use(new RecordedPage('provider-proxy.txt', 'denials.txt')),
  }
  const labels = (deployment: string, namespace = 'byhand') => ({ namespace, deployment, pod: `${deployment}-x` })
  prometheus = resources.use(
    await Prometheus.start([
      { port: traffic.provider.adminPort, labels: labels('provider-v1') },
      { port: traffic.consumer.adminPort, labels: labels('consumer-v1') },
      { port: traffic.busy.adminPort, labels: labels('provider-busy', 'busy') },
      { port: await pages.provider.listen(), labels: labels('provider-v1') },
      { port: await pages.consumer.listen(), labels: labels('consumer-v1') },
    ]),
  )
  await prometheus.scraped(SCRAPES)
  const shedBefore = traffic.shed
  await traffic.run()
  await traffic.overload(5)
  for (const page of Object.values(pages)) page.step()
  await prometheus.scraped(SCRAPES)
  at = await prometheus.moment()
  expected = expectedOf(pages, { shed: traffic.shed - shedBefore })
})

afterAll(() => resources.disposeAsync())

/** A query with Grafana's variables filled in. */
function asked(expr: string, namespace = 'byhand'): string {
  return expr
    .replaceAll('$namespace', namespace)
    .replaceAll(/\$(workload|service|route)/g, '.*')
    .replaceAll(/\$__(rate_interval|range)/g, `${WINDOW_S}s`)
}

const keyOf = ({ labels }: Series) =>
  Object.entries(labels)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

describe.each(rows)('$title', ({ panels }) => {
  describe.each(panels)('$title', ({ title, queries }) => {
    test.each(queries as Query[])('$legend', async ({ expr, legend }) => {
      const wanted = expected.get(`${title}: ${legend}`)
      if (wanted === undefined) throw new Error('No value is expected of this query: add it to expected.ts')
      const seen = await prometheus.query(asked(expr, wanted.namespace), at)
      const values = Object.fromEntries(seen.map((series) => [keyOf(series), series.value]))
      expect(Object.keys(values).toSorted()).toEqual(Object.keys(wanted.values).toSorted())
      for (const [key, value] of Object.entries(wanted.values)) {
        const [low, high] = typeof value === 'number' ? around(value, wanted.slack ?? Math.abs(value)) : value
        expect(values[key], key).toBeGreaterThanOrEqual(low)
        expect(values[key], key).toBeLessThanOrEqual(high)
      }
    })
  })
})

const around = (value: number, magnitude: number) =>
  [value - TOLERANCE * magnitude, value + TOLERANCE * magnitude] as const

test('every expected value belongs to a query of the dashboard', () => {
  const queries = rows.flatMap(({ panels }) =>
    panels.flatMap(({ title, queries }) => queries.map(({ legend }) => `${title}: ${legend}`)),
  )
  expect([...expected.keys()].toSorted()).toEqual(queries.toSorted())
})

test.each([
  ['namespace', ['busy', 'byhand']],
  ['workload', ['consumer-v1', 'provider-v1']],
  ['service', ['provider-svc']],
  ['route', ['http', 'provider-retry']],
] as const)('the variable %s offers what there is', async (name, values) => {
  const [, match = '', label = ''] = /^label_values\((.+), (\w+)\)$/.exec(asked(variableQueries[name])) ?? []
  expect(await prometheus.labelValues(label, match)).toEqual(values)
})
