import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { LIVE_PATHS, type LiveState } from '@linkerd-scenario/contract'
import { problemOf } from '@linkerd-scenario/test-kit/http-contract'
import { type InProcessService, startConsumer } from '@linkerd-scenario/test-kit/in-process'
import { rawExchange } from '@linkerd-scenario/test-kit/raw-http'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { setTraffic, watch } from './live-viewer.ts'

const SCRIPT = 'console.log("the page")'
let folder = ''
let consumer: InProcessService

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'live-page-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><script src="assets/page-abc.js"></script>')
  await writeFile(join(folder, 'assets', 'page-abc.js'), SCRIPT)
  await writeFile(join(folder, 'assets', 'page-abc.js.gz'), gzipSync(SCRIPT))
  await writeFile(join(folder, 'assets', 'page-abc.css'), 'body{}')
  await writeFile(join(folder, 'assets', 'notes.txt'), 'not of the page')
  await writeFile(join(folder, 'secret.js'), 'not an asset')
  consumer = await startConsumer(1, { env: { LIVE_PAGE_DIR: folder } })
})
afterAll(async () => {
  await consumer.close()
  await rm(folder, { recursive: true })
})

const get = (path: string) => request(consumer.adminUrl).get(path)

describe('the page', () => {
  test('is requested again each time, and may load nothing from elsewhere and run no inline code', async () => {
    const answer = await get('/').expect(200)
    expect(answer.text).toContain('assets/page-abc.js')
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-responder': consumer.runtime.identity.responder,
    })
    const policy = String(answer.headers['content-security-policy'])
    expect(policy).toMatch(/^default-src 'none'; /)
    expect(policy).not.toMatch(/unsafe|\*|https?:|data:/)
    await request(consumer.adminUrl).head('/').expect(200)
  })

  test('has assets that may be cached forever', async () => {
    const answer = await get('/assets/page-abc.css').expect(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/css; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    })
  })

  test('is gzipped for clients that accept it', async () => {
    for (const [takes, encoding] of [
      ['gzip, deflate, br', 'gzip'],
      ['gzip;q=0.5', 'gzip'],
      ['gzip;q=0', undefined],
      ['identity', undefined],
      ['x-gzipped', undefined],
    ] as const) {
      const answer = await get('/assets/page-abc.js').set('accept-encoding', takes).expect(200)
      expect(answer.headers['content-encoding'], takes).toBe(encoding)
      expect(answer.headers['vary']).toBe('accept-encoding')
      expect(answer.text).toBe(SCRIPT)
    }
    const css = await get('/assets/page-abc.css').set('accept-encoding', 'gzip').expect(200)
    expect(css.headers['content-encoding']).toBeUndefined()
  })

  test.each([
    '/assets/missing.js',
    '/assets/notes.txt',
    '/assets/page-abc.js.gz',
    '/assets/../secret.js',
    '/assets/..%2Fsecret.js',
    '/assets/%2e%2e%2fsecret.js',
    '/assets/..%5Csecret.js',
    '/assets/%2Fetc%2Fpasswd',
    '/assets/.js',
    '/assets/',
    '/secret.js',
    '/index.html',
  ])('serves no other file: %s', async (path) => {
    const [answer] = await rawExchange(
      consumer.adminPort,
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    )
    expect(answer?.status).toBe(404)
    expect(JSON.parse(answer?.body ?? '')).toMatchObject({ type: 'urn:linkerd-scenario:problem:NOT_FOUND' })
  })

  test('that was not built says how to get it', async () => {
    await using without = await startConsumer(1)
    const problem = problemOf(await request(without.adminUrl).get('/'), 404, 'PAGE_NOT_BUILT')
    expect(problem.detail).toContain('npm start')
    await using elsewhere = await startConsumer(1, { env: { LIVE_PAGE_DIR: join(folder, 'nowhere') } })
    problemOf(await request(elsewhere.adminUrl).get('/'), 404, 'PAGE_NOT_BUILT')
  })
})

describe('a page of another site', () => {
  const foreign = [
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { host: 'evil.example:6001' },
    { origin: 'null' },
  ]

  test.each(foreign)('with %j reads nothing and starts nothing', async (headers) => {
    const admin = request(consumer.adminUrl)
    for (const path of ['/', '/assets/page-abc.js', LIVE_PATHS.stream, LIVE_PATHS.state]) {
      problemOf(await admin.get(path).set(headers), 403, 'FOREIGN_REQUEST')
    }
    await using viewer = await watch(consumer.adminUrl)
    problemOf(await admin.put(LIVE_PATHS.traffic).set(headers).send({ rate: 1 }), 403, 'FOREIGN_REQUEST')
    // What a form can send without a CORS preflight.
    problemOf(await admin.put(LIVE_PATHS.traffic).set(headers).type('text/plain').send('{}'), 403, 'FOREIGN_REQUEST')
    problemOf(await admin.post(LIVE_PATHS.reset).set(headers), 403, 'FOREIGN_REQUEST')
    const state = (await admin.get(LIVE_PATHS.state)).body as LiveState
    expect(state).toMatchObject({ running: false, resetAt: viewer.state?.resetAt })
  })

  test('and its own page may do both', async () => {
    await using viewer = await watch(consumer.adminUrl)
    const own = { origin: consumer.adminUrl, 'sec-fetch-site': 'same-origin' }
    await request(consumer.adminUrl).get('/').set(own).expect(200)
    await request(consumer.adminUrl).put(LIVE_PATHS.traffic).set(own).send({ rate: 1 }).expect(200)
    await viewer.sees(({ state }) => state?.running)
    await setTraffic(consumer.adminUrl, { paused: true })
  })
})
