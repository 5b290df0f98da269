import type { PromiseId } from '@linkerd-scenario/contract/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, openPage } from './browser.ts'
import { PageInMesh, verdictOf } from './page-in-mesh.ts'

let mesh: PageInMesh
beforeAll(async () => {
  mesh = await PageInMesh.start()
}, 120_000)
afterAll(() => mesh[Symbol.asyncDispose](), 60_000)

test.each<PromiseId>(['retries', 'timeouts', 'rate-limiting', 'traffic-split', 'header-routing'])(
  '%s: the page sees that it is off, on, and off again',
  async (id) => {
    await using watched = await openPage(mesh.browser, await mesh.pageOf('consumer-v1'))
    const { page, trouble } = watched
    await verdictOf(page, id, 'looks-off')
    await mesh.apply(`features/${id}`)
    await verdictOf(page, id, 'looks-on')
    await mesh.delete(`features/${id}`)
    await verdictOf(page, id, 'looks-off')
    expect(trouble).toEqual([])
  },
)

test('authorization: a stranger sees that it is off, and on', async () => {
  await using watched = await openPage(mesh.browser, await mesh.pageOf('consumer-stranger'))
  const { page } = watched
  await verdictOf(page, 'authorization', 'looks-off')
  await mesh.apply('features/authorization')
  await verdictOf(page, 'authorization', 'looks-on')
  await eventually(() => page.locator('.hero .detail').textContent()).toContain('403 from the provider’s proxy')
  await mesh.delete('features/authorization')
  await verdictOf(page, 'authorization', 'looks-off')
})
