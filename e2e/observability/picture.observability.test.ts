import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { rows } from '../../scripts/dashboards/dashboard.ts'
import { type DrawnRow, valuesPage } from '../../scripts/dashboards/values-page.ts'
import { launchBrowser } from '../live-page/browser.ts'
import { KnownTraffic } from './known-traffic.ts'
import { Prometheus } from './prometheus.ts'
import { RecordedPage } from './recorded-page.ts'

const PICTURE = join(import.meta.dirname, '../../docs/pictures/dashboard-values.png')
const WINDOW = '5s'
const SECONDS = 20
const FAULTS = ['', '', '', '', 'status;code=503', 'delay;ms=150', 'status;code=500;at=consumer']

let traffic: KnownTraffic
let prometheus: Prometheus
let from: number
let to: number

test('every panel has values while services are called, and a browser draws them', async () => {
  await using stack = new AsyncDisposableStack()
  traffic = stack.use(await KnownTraffic.start())
  const consumerProxy = stack.use(new RecordedPage('consumer-proxy.txt'))
  const providerProxy = stack.use(new RecordedPage('provider-proxy.txt', 'denials.txt'))
  const labels = (deployment: string) => ({ namespace: 'mesh-demo', deployment, pod: `${deployment}-x` })
  prometheus = stack.use(
    await Prometheus.start([
      { port: traffic.provider.adminPort, labels: labels('provider-v1') },
      { port: traffic.consumer.adminPort, labels: labels('consumer-v1') },
      { port: traffic.busy.adminPort, labels: labels('provider-busy') },
      { port: await providerProxy.listen(), labels: labels('provider-v1') },
      { port: await consumerProxy.listen(), labels: labels('consumer-v1') },
    ]),
  )
  await prometheus.scraped(4)
  from = Date.now() / 1000
  const callers = Array.from({ length: 4 }, (_, index) => call(index))
  await Promise.all([sleep((SECONDS * 1000) / 2), traffic.overload(20)])
  consumerProxy.step()
  providerProxy.step()
  await Promise.all(callers)
  to = Date.now() / 1000
  const drawn = await drawnRows()
  expect(drawn.flatMap(({ panels }) => panels).filter(({ lines }) => lines.length === 0)).toEqual([])
  await draw(drawn)
})

async function call(index: number): Promise<void> {
  for (let n = index; Date.now() / 1000 < from + SECONDS; n += 1) {
    const fault = FAULTS[n % FAULTS.length]
    await (await fetch(`${traffic.consumer.url}/?in=hello`, { headers: fault ? { 'x-fault': fault } : {} })).text()
    await sleep(40)
  }
}

async function drawnRows(): Promise<DrawnRow[]> {
  return Promise.all(
    rows.map(async ({ title, panels }) => ({
      title,
      panels: await Promise.all(
        panels.map(async (panel) => ({ ...panel, lines: (await Promise.all(panel.queries.map(linesOf))).flat() })),
      ),
    })),
  )
}

async function linesOf({ expr, legend }: { expr: string; legend: string }) {
  const asked = expr
    .replaceAll('$namespace', 'mesh-demo')
    .replaceAll(/\$(workload|service|route)/g, '.*')
    .replaceAll('$__rate_interval', WINDOW)
    .replaceAll('$__range', `${SECONDS + 5}s`)
  const series = await prometheus.queryRange(asked, from, to, 0.5)
  return series.map(({ labels: found, points }) => ({
    name: legend.replaceAll(/\{\{(\w+)\}\}/g, (_, label: string) => found[label] ?? ''),
    points,
  }))
}

/** With DASHBOARD_PICTURE set, the picture in docs is regenerated. */
async function draw(drawn: readonly DrawnRow[]): Promise<void> {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 800 } })
    await page.setContent(valuesPage(drawn))
    expect(await page.locator('article').count()).toBe(rows.flatMap(({ panels }) => panels).length)
    if (process.env['DASHBOARD_PICTURE']) await page.screenshot({ path: PICTURE, fullPage: true })
  } finally {
    await browser.close()
  }
}
