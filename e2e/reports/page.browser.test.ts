import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compare } from '../../prove/src/report/compare.ts'
import { toHtml } from '../../prove/src/report/html/page.ts'
import { readReport } from '../../prove/src/report/read-report.ts'
import { accessibilityProblems, launchBrowser, openPage } from '../live-page/browser.ts'
import { withTraffic } from './with-traffic.ts'

const PUBLISHED = fileURLToPath(new URL('../../docs/reports/2026-11-27-edge-26.8.3.json', import.meta.url))

let browser: Browser
let folder = ''
let html = ''
const cleanUp = new AsyncDisposableStack()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-report-page-'))
  cleanUp.defer(() => rm(folder, { recursive: true }))
  browser = await launchBrowser()
  cleanUp.defer(() => browser.close())
  const published = await readReport(PUBLISHED)
  // A few features cover every element of the page: axe takes seconds for each hundred.
  const report = withTraffic({ ...published, features: published.features.slice(0, 4) })
  html = toHtml(report, compare(published, report))
})
afterAll(() => cleanUp.disposeAsync())

/** The address of a page that is stored as a file, as people open a report that was sent to them. */
async function kept(text: string): Promise<string> {
  const file = join(folder, 'report.html')
  await writeFile(file, text)
  return pathToFileURL(file).href
}

describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
  test.each([1100, 390])('axe-core finds nothing at %i px, nothing sticks out, nothing is loaded', async (width) => {
    await using watched = await openPage(browser, await kept(html), { colorScheme, viewport: { width, height: 900 } })
    const { page, trouble } = watched
    expect(await page.locator('svg.chart').count()).toBeGreaterThan(5)
    for (const folded of await page.locator('summary').all()) await folded.click()
    expect(await accessibilityProblems(page)).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
    expect(trouble).toEqual([])
  })
})

test("the reader's scheme decides the colours; paper is always light, and shows what is folded away", async () => {
  await using watched = await openPage(browser, await kept(html), { colorScheme: 'dark' })
  const { page } = watched
  const background = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
  expect(await background()).toBe('rgb(18, 22, 28)')
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  expect(await background()).toBe('rgb(255, 255, 255)')
  expect(await page.locator('details pre').first().isVisible()).toBe(true)
  // But no files: nobody copies them from paper.
  expect(await page.locator('.file pre:visible').count()).toBe(0)
  expect(await page.getByText('The files are in the page on a screen').isVisible()).toBe(true)
})

test('a script does not run, even one that got past every escape', async () => {
  const withScript = html.replace('<main>', `<main><script>document.title='run'</script>`)
  await using watched = await openPage(browser, await kept(withScript), { expected: /Content Security Policy/ })
  expect(await watched.page.title()).toContain('4 of 4 features proved')
})
