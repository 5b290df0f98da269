import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PromiseId } from '@linkerd-scenario/contract/promises'
import { until } from '@linkerd-scenario/test-kit/until'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { endBundling } from '../../packages/bundle/src/bundle.ts'
import { buildLivePage } from '../../packages/live-page/build.ts'
import { tool } from '../repository/tools.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { eventually, launchBrowser, openPage } from './browser.ts'

const NAMESPACE = 'live'

let browser: Browser
let folder = ''
let cluster: StandInCluster
const cleanUp = new AsyncDisposableStack()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-live-page-'))
  cleanUp.defer(() => rm(folder, { recursive: true }))
  await buildLivePage(folder)
  await endBundling()
  browser = await launchBrowser()
  cleanUp.defer(() => browser.close())
  cluster = new StandInCluster()
  cleanUp.defer(() => cluster.close())
  cluster.createNamespace(NAMESPACE, {})
  cluster.apply(NAMESPACE, withPage(await manifests('overlays/demo')))
}, 120_000)

afterAll(() => cleanUp.disposeAsync(), 60_000)

async function manifests(path: string): Promise<string> {
  const { status, output } = await tool('kubectl', ['kustomize', `k8s/${path}`])
  expect(status, output).toBe(0)
  return output
}

interface Deployment {
  kind: string
  spec: { template: { spec: { containers: { env?: { name: string; value: string }[] }[] } } }
}

/** Tells every pod where the built page is, as the images do. */
function withPage(text: string): string {
  const objects = parseAllDocuments(text).map((document) => document.toJS() as Deployment)
  for (const { kind, spec } of objects) {
    if (kind !== 'Deployment') continue
    for (const container of spec.template.spec.containers) {
      container.env = [...(container.env ?? []), { name: 'LIVE_PAGE_DIR', value: folder }]
    }
  }
  return objects.map((object) => JSON.stringify(object)).join('\n---\n')
}

/** The URL of the page of a workload's pod, once it is ready. */
async function pageOf(workload: string): Promise<string> {
  const ready = () => cluster.pods(NAMESPACE).find(({ name, ready: isReady }) => isReady && name.startsWith(workload))
  const pod = await until(ready, (seen) => seen !== undefined, { withinMs: 60_000, everyMs: 50 })
  return `http://127.0.0.1:${pod?.adminPort}`
}

/** Presses the button that sends traffic which can tell, and waits for the verdict. */
async function verdictOf(page: Page, id: PromiseId, wanted: string): Promise<void> {
  const row = page.locator(`[data-promise="${id}"]`)
  if ((await row.getAttribute('open')) === null) await row.locator('summary').click()
  await row.getByRole('button', { name: 'Send suitable traffic' }).click()
  await page.getByRole('button', { name: 'Reset counts' }).click()
  await expect.poll(() => row.getAttribute('data-verdict'), { timeout: 60_000, interval: 200 }).toBe(wanted)
}

test.each<[PromiseId, number]>([
  ['retries', 1],
  ['timeouts', 1],
  ['rate-limiting', 1],
  ['traffic-split', 1],
  ['header-routing', 1],
])('%s: the page sees that it is off, on, and off again', async (id, providers) => {
  cluster.in(NAMESPACE).deployments.get('provider-v1')?.scale(providers)
  await using watched = await openPage(browser, await pageOf('consumer-v1'))
  const { page, trouble } = watched
  const component = withPage(await manifests(`features/${id}`))
  await verdictOf(page, id, 'looks-off')
  cluster.apply(NAMESPACE, component)
  await verdictOf(page, id, 'looks-on')
  cluster.delete(NAMESPACE, component)
  await verdictOf(page, id, 'looks-off')
  expect(trouble).toEqual([])
})

test('authorization: a stranger sees that it is off, and on', async () => {
  await using watched = await openPage(browser, await pageOf('consumer-stranger'))
  const { page } = watched
  const component = await manifests('features/authorization')
  await verdictOf(page, 'authorization', 'looks-off')
  cluster.apply(NAMESPACE, component)
  await verdictOf(page, 'authorization', 'looks-on')
  await eventually(() => page.locator('.hero .detail').textContent()).toContain('403 from the provider’s proxy')
  cluster.delete(NAMESPACE, component)
  await verdictOf(page, 'authorization', 'looks-off')
})

test('injection, identity and discovery: on in the mesh, off without a proxy', async () => {
  cluster.in(NAMESPACE).deployments.get('provider-v1')?.scale(3)
  await using meshed = await openPage(browser, await pageOf('consumer-v1'))
  for (const id of ['injection', 'mtls-identity', 'discovery'] as const) await verdictOf(meshed.page, id, 'looks-on')
  await using unmeshed = await openPage(browser, await pageOf('consumer-unmeshed'))
  for (const id of ['injection', 'mtls-identity', 'discovery'] as const) await verdictOf(unmeshed.page, id, 'looks-off')
})
