import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ServiceProcess, spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endBundling } from '../../packages/bundle/src/bundle.ts'
import { buildLivePage } from '../../packages/live-page/build.ts'
import {
  accessibilityProblems,
  BROKEN_STREAM,
  cells,
  chooseCell,
  eventually,
  launchBrowser,
  openPage,
} from './browser.ts'

let browser: Browser
let folder = ''
const cleanUp = new AsyncDisposableStack()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-live-page-'))
  cleanUp.defer(() => rm(folder, { recursive: true }))
  await buildLivePage(folder)
  await endBundling()
  browser = await launchBrowser()
  cleanUp.defer(() => browser.close())
})

afterAll(() => cleanUp.disposeAsync())

const faults = { FAULT_INJECTION: 'enabled' }
const consumerOf = (providerPort: number, env: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> =>
  spawnConsumer(providerPort, { ...faults, LIVE_PAGE_DIR: folder, ...env })

test('traffic starts, cells appear, and a fault shows in cells, headline, picture, charts and story', async () => {
  await using provider = await spawnProvider(faults)
  await using consumer = await consumerOf(provider.port)
  await using watched = await openPage(browser, consumer.adminUrl)
  const { page, trouble } = watched
  await expect(page.getByRole('heading', { level: 1 }).textContent()).resolves.toBeTruthy()
  await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('Ready when you are')
  await page.getByRole('button', { name: 'Start traffic' }).click()
  await page.getByLabel('Rate, calls per second').first().fill('40')
  await page.keyboard.press('Enter')
  await eventually(() => cells(page, 'v1')).toBeGreaterThan(40)
  await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('All calls succeed')

  await page.getByRole('button', { name: '503 for 20 % of calls' }).click()
  await eventually(() => cells(page, 'provider')).toBeGreaterThan(5)
  expect(await cells(page, 'mesh')).toBe(0)
  await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toMatch(/of calls fail/)
  await eventually(() => page.locator('.map').getAttribute('aria-label')).toMatch(/[1-9][\d.]*\s% errors/)
  await eventually(() => page.locator('.charts .legend').first().textContent()).toContain('503 from the provider')
  await eventually(() => page.locator('.charts canvas').count()).toBe(3)
  await chooseCell(page, 'provider')
  const story = page.locator('.story')
  expect(await story.locator('.lead').textContent()).toContain('503 from the provider')
  expect(await story.locator('.way li').nth(3).textContent()).toBe('providerfailed here')
  expect(await story.locator('.problem').textContent()).toContain('"origin": "provider"')
  expect(await page.locator('.command code').first().textContent()).toContain('"fault":"status;code=503;rate=0.2"')
  await eventually(() => page.locator('[data-promise="retries"]').getAttribute('data-verdict')).toBe('looks-off')

  await page.getByRole('button', { name: 'Pause' }).click()
  await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('Paused')
  expect(trouble).toEqual([])
})

test('a provider that is killed is seen to be gone, and back when it is back', async () => {
  const first = await spawnProvider()
  await using consumer = await consumerOf(first.port)
  await using watched = await openPage(browser, consumer.adminUrl)
  const { page, trouble } = watched
  await page.getByRole('button', { name: 'Start traffic' }).click()
  await eventually(() => cells(page, 'v1')).toBeGreaterThan(3)
  await first[Symbol.asyncDispose]()
  await eventually(() => cells(page, 'network')).toBeGreaterThan(3)
  await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toMatch(/fail/)
  await chooseCell(page, 'network')
  expect(await page.locator('.story .lead').textContent()).toMatch(/(no answer|502) \(network error\)/)
  await page.mouse.move(2, 2)
  await page.locator('h1').click()
  await using _second = await spawnProvider({ PROVIDER_PORT: String(first.port) })
  await page.getByRole('button', { name: 'Reset counts' }).click()
  await eventually(() => cells(page, 'v1')).toBeGreaterThan(3)
  await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('All calls succeed')
  expect(trouble).toEqual([])
})

test('two viewers share the traffic; one that slept has the right totals', async () => {
  await using provider = await spawnProvider(faults)
  await using consumer = await consumerOf(provider.port)
  await using one = await openPage(browser, consumer.adminUrl)
  await using two = await openPage(browser, consumer.adminUrl)
  await one.page.getByRole('button', { name: 'Start traffic' }).click()
  await eventually(() => cells(two.page, 'v1')).toBeGreaterThan(3)
  await two.page.getByRole('button', { name: '503 on the first attempt' }).click()
  await eventually(() => one.page.locator('.fault .active code').textContent()).toBe('status;code=503;times=1')
  await eventually(() => one.page.locator('.facts').textContent()).toContain('2 watching')

  const asleep = await two.page.context().newCDPSession(two.page)
  await asleep.send('Page.setWebLifecycleState', { state: 'frozen' })
  const before = await cells(one.page, 'provider')
  await eventually(() => cells(one.page, 'provider')).toBeGreaterThan(before + 20)
  await asleep.send('Page.setWebLifecycleState', { state: 'active' })
  await eventually(() => cells(two.page, 'provider')).toBeGreaterThan(before + 10)
  await one.page.getByRole('button', { name: 'Pause' }).click()
  const told = () => Promise.all([one, two].map(({ page }) => page.locator('.hero .detail').textContent()))
  await eventually(async () => new Set(await told()).size).toBe(1)
  await eventually(async () => (await told())[0]).toMatch(/^\d+ calls so far/)
  expect([...one.trouble, ...two.trouble]).toEqual([])
})

test('the stream ends in a drain, and the page reconnects by itself', async () => {
  await using provider = await spawnProvider()
  const first = await consumerOf(provider.port)
  const { adminPort } = first
  await using watched = await openPage(browser, first.adminUrl, { expected: BROKEN_STREAM })
  const { page, trouble } = watched
  await page.getByRole('button', { name: 'Start traffic' }).click()
  await eventually(() => cells(page, 'v1')).toBeGreaterThan(3)
  first.signal('SIGTERM')
  await eventually(() => page.locator('.connection').textContent()).toMatch(/stopping|lost/)
  expect((await first.ended).code).toBe(0)
  await eventually(() => page.locator('.connection').textContent()).toMatch(/lost/)
  await using _second = await consumerOf(provider.port, { ADMIN_PORT: String(adminPort) })
  await eventually(() => page.locator('.connection').textContent()).toBe('Live')
  await page.getByRole('button', { name: 'Start traffic' }).click()
  await eventually(() => cells(page, 'v1')).toBeGreaterThan(3)
  expect(trouble).toEqual([])
})

test('hostile text is shown as text, and the refusal of invalid input is shown', async () => {
  await using provider = await spawnProvider(faults)
  await using consumer = await consumerOf(provider.port)
  await using watched = await openPage(browser, consumer.adminUrl, { expected: /status of 400/ })
  const { page, trouble } = watched
  const hostile = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`
  await page.getByText('More settings').click()
  await page.getByLabel('Text to send (in)').fill(hostile)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Start traffic' }).click()
  await eventually(() => cells(page, 'v1')).toBeGreaterThan(3)
  await chooseCell(page, 'v1')
  expect(await page.locator('.story').textContent()).toContain(hostile)
  expect(await page.locator('#page img').count()).toBe(0)
  expect(await page.title()).toBe('Linkerd, live')
  await page.getByText('Build a fault').click()
  await page.getByLabel('Status code').fill('200')
  await page.getByRole('button', { name: 'Inject' }).click()
  await eventually(() => page.getByRole('alert').textContent()).toMatch(/^Rejected: .*code/)
  expect(trouble).toEqual([])
})

test.each(['light', 'dark'] as const)('axe-core finds nothing (%s), empty and with traffic', async (colorScheme) => {
  await using provider = await spawnProvider(faults)
  await using consumer = await consumerOf(provider.port)
  await using watched = await openPage(browser, consumer.adminUrl, { colorScheme })
  const { page, trouble } = watched
  await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('Ready when you are')
  expect(await accessibilityProblems(page)).toEqual([])
  await page.getByRole('button', { name: 'Start traffic' }).click()
  await page.getByRole('button', { name: '503 for 20 % of calls' }).click()
  await eventually(() => cells(page, 'provider')).toBeGreaterThan(2)
  await chooseCell(page, 'provider')
  await page.getByText('Build a fault').click()
  await page.locator('[data-promise="retries"] summary').click()
  await eventually(() => page.locator('.charts canvas').count()).toBe(3)
  expect(await accessibilityProblems(page)).toEqual([])
  expect(trouble).toEqual([])
})

test.each([
  ['en', 'other errors'],
  ['es', 'otros errores'],
])('failures that have no line in the chart are named together (%s)', async (locale, words) => {
  await using provider = await spawnProvider(faults)
  await using consumer = await consumerOf(provider.port)
  await using watched = await openPage(browser, consumer.adminUrl, { locale })
  const { page, trouble } = watched
  const fault = [500, 501, 502, 503, 504, 505].map((code) => `status;code=${code};rate=0.2`).join(', ')
  await fetch(`${consumer.adminUrl}/live/traffic`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rate: 60, fault }),
  })
  await eventually(() => page.locator('.charts .legend').first().textContent()).toContain(words)
  expect(trouble).toEqual([])
})

test('the keyboard alone starts traffic and reads a call; Spanish is remembered', async () => {
  await using provider = await spawnProvider()
  await using consumer = await consumerOf(provider.port)
  await using watched = await openPage(browser, consumer.adminUrl, { locale: 'es-AR' })
  const { page, trouble } = watched
  const start = page.getByRole('button', { name: 'Iniciar tráfico' })
  await eventually(() => start.isEnabled()).toBe(true)
  await start.focus()
  await page.keyboard.press('Enter')
  await eventually(() => cells(page, 'v1')).toBeGreaterThan(12)
  await page.locator('.cell[tabindex="0"]').focus()
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('Enter')
  expect(await page.locator('.story h2').textContent()).toMatch(/^Llamada \d+$/)
  await page.getByRole('button', { name: 'English' }).click()
  await eventually(() => page.locator('#traffic').textContent()).toBe('Traffic')
  await page.reload()
  await eventually(() => page.locator('#traffic').textContent()).toBe('Traffic')
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  expect(trouble).toEqual([])
})

test.each([360, 768, 1280, 2560])('nothing overflows at %d px', async (width) => {
  await using provider = await spawnProvider(faults)
  await using consumer = await consumerOf(provider.port)
  await using watched = await openPage(browser, consumer.adminUrl, { viewport: { width, height: 900 } })
  const { page } = watched
  await page.getByRole('button', { name: 'Start traffic' }).click()
  await eventually(() => cells(page, 'v1')).toBeGreaterThan(3)
  await chooseCell(page, 'v1')
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
})
