import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts an installed Chromium, or explains how to get one. */
export async function launchBrowser(): Promise<Browser> {
  const named = process.env['CHROME_PATH']
  const executablePath = named ?? PLACES.find((place) => existsSync(place))
  if (executablePath === undefined) {
    throw new Error(
      `No browser at ${PLACES.join(', ')}. Install one (Debian: apt-get install chromium), or set CHROME_PATH to a Chromium or Chrome.`,
    )
  }
  return chromium.launch({ executablePath, args: FLAGS })
}

/** A page that records its error logs and its requests to other origins. */
export interface WatchedPage extends AsyncDisposable {
  page: Page
  trouble: string[]
}

/** What the browser itself logs when a stream breaks off. */
export const BROKEN_STREAM = /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|status of 503/

/** Opens `url`. `expected` are errors that a test provokes, e.g. a refused connection. */
export async function openPage(
  browser: Browser,
  url: string,
  { expected, ...options }: BrowserContextOptions & { expected?: RegExp } = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, locale: 'en-GB', ...options })
  const page = await context.newPage()
  const trouble: string[] = []
  const note = (text: string) => {
    if (!expected?.test(text)) trouble.push(text)
  }
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') note(`console: ${message.text()}`)
  })
  page.on('pageerror', ({ message }) => note(`error: ${message}`))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== new URL(url).origin) note(`request elsewhere: ${request.url()}`)
  })
  await page.goto(url)
  return { page, trouble, [Symbol.asyncDispose]: () => context.close() }
}

const axeScript = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What axe-core finds: the rule and the element. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.evaluate(await readFile(axeScript, 'utf8'))
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary.slice(0, 300)}`),
    )
  })
}

const WITHIN = { timeout: 30_000, interval: 100 }

/** Waits until `see` returns the wanted value. */
export const eventually = <Seen>(see: () => Promise<Seen>) => expect.poll(see, WITHIN)

/** Number of cells of a kind. */
export const cells = (page: Page, kind = '') =>
  page.locator(kind === '' ? '.cell[data-kind]' : `.cell[data-kind="${kind}"]`).count()

/** Clicks the newest cell of a kind. The grid is paused meanwhile, so that the cell still shows the same call. */
export async function chooseCell(page: Page, kind: string): Promise<void> {
  await page.locator('.grid').hover({ position: { x: 3, y: 3 } })
  await page.locator(`.cell[data-kind="${kind}"]`).last().click()
}
