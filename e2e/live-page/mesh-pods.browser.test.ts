import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openPage } from './browser.ts'
import { adminUrl, PageInMesh, verdictOf } from './page-in-mesh.ts'

let mesh: PageInMesh
beforeAll(async () => {
  mesh = await PageInMesh.start()
}, 120_000)
afterAll(() => mesh[Symbol.asyncDispose](), 60_000)

beforeEach(async () => {
  mesh.namespace.deployments.get('provider-v1')?.scale(3)
  await mesh.pods('provider-v1', 3)
})

/** Applies a fault to one of the three providers, until the scope ends. */
async function faultyPod(fault: string): Promise<AsyncDisposable> {
  const [pod] = await mesh.pods('provider-v1', 3)
  const url = `${adminUrl(pod)}/faults`
  const answer = await fetch(url, { method: 'PUT', headers: { 'content-type': 'text/plain' }, body: fault })
  expect(answer.status).toBe(200)
  return {
    [Symbol.asyncDispose]: async () => {
      await fetch(url, { method: 'DELETE' })
    },
  }
}

test('injection, identity and discovery: on in the mesh, off without a proxy', async () => {
  await using meshed = await openPage(mesh.browser, await mesh.pageOf('consumer-v1'))
  for (const id of ['injection', 'mtls-identity', 'discovery'] as const) await verdictOf(meshed.page, id, 'looks-on')
  await using unmeshed = await openPage(mesh.browser, await mesh.pageOf('consumer-unmeshed'))
  for (const id of ['injection', 'mtls-identity', 'discovery'] as const) await verdictOf(unmeshed.page, id, 'looks-off')
})

test('load balancing: a slow pod, with proxies that choose by latency and with proxies that do not', async () => {
  await using _slow = await faultyPod('delay;ms=100')
  await using watched = await openPage(mesh.browser, await mesh.pageOf('consumer-v1'))
  const { page } = watched
  await verdictOf(page, 'load-balancing', 'looks-on')
  mesh.behaviour.balancing = 'random'
  await verdictOf(page, 'load-balancing', 'looks-off')
  mesh.behaviour.balancing = 'latency'
})

test('circuit breaking: a pod that fails, off and on', async () => {
  await using watched = await openPage(mesh.browser, await mesh.pageOf('consumer-v1'))
  const { page } = watched
  await using _failing = await faultyPod('status;code=503')
  await verdictOf(page, 'circuit-breaking', 'looks-off')
  await mesh.apply('overlays/circuit-breaking')
  await verdictOf(page, 'circuit-breaking', 'looks-on')
  await mesh.apply('overlays/demo')
})
