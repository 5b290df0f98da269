import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endBundling } from '../../packages/bundle/src/bundle.ts'
import { buildLivePage } from '../../packages/live-page/build.ts'
import { cells, eventually, launchBrowser, openPage } from './browser.ts'

const PREFIX = '/demo/consumer'

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

/** A reverse proxy that strips the prefix and forwards everything else, including the Host header. */
async function reverseProxy(port: number): Promise<AsyncDisposable & { url: string }> {
  const server = createServer((incoming, answer) => {
    const { url = '', method, headers } = incoming
    if (!url.startsWith(`${PREFIX}/`)) {
      answer.writeHead(404).end('outside the prefix')
      return
    }
    const path = url.slice(PREFIX.length)
    const onward = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers).flushHeaders()
      response.pipe(answer)
    })
    onward.on('error', () => answer.destroy())
    answer.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}/`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('behind a path prefix: the page, its assets, its stream and its controls work', async () => {
  await using provider = await spawnProvider({ FAULT_INJECTION: 'enabled' })
  await using consumer = await spawnConsumer(provider.port, { LIVE_PAGE_DIR: folder })
  await using proxy = await reverseProxy(consumer.adminPort)
  await using watched = await openPage(browser, proxy.url)
  const { page, trouble } = watched
  const asked: string[] = []
  page.on('request', (one) => asked.push(new URL(one.url()).pathname))
  await page.reload()
  await page.getByRole('button', { name: 'Start traffic' }).click()
  await eventually(() => cells(page, 'v1')).toBeGreaterThan(3)
  await page.getByRole('button', { name: '503 on the first attempt' }).click()
  await eventually(() => cells(page, 'provider')).toBeGreaterThan(3)
  await page.getByRole('button', { name: 'Reset counts' }).click()
  await expect(page.locator('.command code, .command pre').first().textContent()).resolves.toContain(
    `${proxy.url}live/traffic`,
  )
  expect(asked.length).toBeGreaterThan(4)
  expect(asked.filter((path) => !path.startsWith(`${PREFIX}/`))).toEqual([])
  expect(trouble).toEqual([])
})

test('behind a path prefix a page of another site still cannot read the state or start traffic', async () => {
  await using provider = await spawnProvider()
  await using consumer = await spawnConsumer(provider.port, { LIVE_PAGE_DIR: folder })
  await using proxy = await reverseProxy(consumer.adminPort)
  // Another port is another origin. This one answers with its own page, without a prefix.
  const elsewhere = new URL('/elsewhere', provider.url).href
  await using watched = await openPage(browser, elsewhere, { expected: /./ })
  const { page } = watched
  const outcome = await page.evaluate(async (url) => {
    const attempt = (path: string, init: RequestInit) =>
      fetch(url + path, init).then(
        ({ type }) => type,
        () => 'refused',
      )
    return {
      read: await attempt('live/state', {}),
      sent: await attempt('live/traffic', { method: 'POST', mode: 'no-cors' }),
      put: await attempt('live/traffic', { method: 'PUT', body: '{}' }),
    }
  }, proxy.url)
  expect(outcome).toEqual({ read: 'refused', sent: 'opaque', put: 'refused' })
  const headers = { origin: 'https://elsewhere.example', 'content-type': 'application/json' }
  const started = await fetch(`${proxy.url}live/traffic`, { method: 'PUT', headers, body: '{"paused":false}' })
  expect(started.status).toBe(403)
  const state = await fetch(`${proxy.url}live/state`)
  expect(await state.json()).toMatchObject({ running: false, viewers: 0, settings: { paused: true } })
  const rebound = await rawStatus(proxy.url, 'elsewhere.example')
  expect(rebound).toBe(403)
})

/** The status of a GET with another Host header, as after DNS rebinding. */
function rawStatus(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers: { host }, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
}
