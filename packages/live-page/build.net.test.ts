import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { stop } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildLivePage } from './build.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-live-page-'))
  await buildLivePage(folder)
})
afterAll(async () => {
  await stop()
  await rm(folder, { recursive: true })
})

test('the assets have hashes, are at most 120 kB compressed, and the page links to nothing else', async () => {
  const assets = await readdir(join(folder, 'assets'))
  const names = assets.map((asset) => asset.replace(/-[0-9a-f]{12}\./, '-HASH.'))
  expect(new Set(names)).toEqual(new Set(['icon-HASH.svg', 'live-HASH.css', 'live-HASH.js']))
  expect(assets).toHaveLength(3)
  const html = await readFile(join(folder, 'index.html'), 'utf8')
  const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link)
  expect(new Set(links)).toEqual(new Set(assets.map((asset) => `assets/${asset}`)))
  expect(html).not.toMatch(/<script>|<style|style=|\son\w+=/)
  const files = [join(folder, 'index.html'), ...assets.map((asset) => join(folder, 'assets', asset))]
  const sizes = await Promise.all(files.map(async (file) => gzipSync(await readFile(file)).length))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  expect(total).toBeGreaterThan(20_000)
  expect(total).toBeLessThan(120_000)
})

test('the same source makes the same files, and old ones go', async () => {
  const before = await readdir(join(folder, 'assets'))
  await buildLivePage(folder)
  expect(await readdir(join(folder, 'assets'))).toEqual(before)
})
