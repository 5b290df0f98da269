import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { expect, test, vi } from 'vitest'
import { StandInCluster } from '../stand-in-cluster.ts'
import { GOOD_SURROUNDINGS, type Surroundings } from './surroundings.ts'
import { watch } from './watch.ts'

interface Change {
  type: string
  object: object
}

const service = (name: string, port: number) =>
  JSON.stringify({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { ports: [{ port }] } })

/** What the stand-in prints of a Service that is changed, and of one that is deleted; then the watch ends. */
async function changesOf(reason: 'closed' | 'expired'): Promise<Change[]> {
  const surroundings: Surroundings = { ...GOOD_SURROUNDINGS }
  const cluster = new StandInCluster()
  cluster.createNamespace('demo', {})
  cluster.apply('demo', service('a', 1))
  cluster.apply('demo', service('b', 1))
  const changes: Change[] = []
  const command = { resource: 'services', namespace: 'demo' }
  const print = (line: string) => changes.push(JSON.parse(line) as Change)
  const ended = watch(cluster, surroundings, command, print, new AbortController().signal)
  const printed = (n: number) => vi.waitFor(() => expect(changes).toHaveLength(n), { timeout: 20_000 })
  await printed(2)
  cluster.apply('demo', service('a', 2))
  await printed(3)
  cluster.delete('demo', service('b', 1))
  await printed(4)
  surroundings.watches = { endAfterMs: 0, reason }
  expect(await ended).toBe('')
  return changes
}

/** What kubectl prints, given an API server that lists the first two objects and then sends the other changes. */
async function printedByKubectl(changes: readonly Change[]): Promise<Change[]> {
  const server = createServer(apiServer(changes.slice(0, 2), changes.slice(2)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const folder = await mkdtemp(join(tmpdir(), 'kubectl-watch-'))
  try {
    const args = ['get', 'services', '-n', 'demo', '--watch', '--output-watch-events', '-o', 'json']
    const place = ['--server', `http://127.0.0.1:${port}`, '--cache-dir', join(folder, 'cache')]
    const { stdout } = await execa('kubectl', [...args, ...place], { env: { KUBECONFIG: join(folder, 'none') } })
    return stdout.split('\n').map((line) => JSON.parse(line) as Change)
  } finally {
    server.close()
    server.closeAllConnections()
    await rm(folder, { recursive: true, force: true })
  }
}

function apiServer(listed: readonly Change[], sent: readonly Change[]): RequestListener {
  const list = { kind: 'ServiceList', apiVersion: 'v1', metadata: { resourceVersion: '9' } }
  const services = {
    resource: 'services',
    responseKind: { group: '', version: 'v1', kind: 'Service' },
    scope: 'Namespaced',
    singularResource: 'service',
    verbs: ['list', 'watch'],
  }
  const groups = (items: object[]) => ({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items })
  return ({ url = '' }, response) => {
    const isDiscovery = !url.includes('/services')
    const type = isDiscovery
      ? 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'
      : 'application/json'
    response.writeHead(200, { 'content-type': type })
    if (url.startsWith('/apis')) response.end(JSON.stringify(groups([])))
    else if (isDiscovery) {
      const versions = [{ version: 'v1', resources: [services] }]
      response.end(JSON.stringify(groups([{ metadata: { name: '' }, versions }])))
    } else if (url.includes('watch=true')) response.end(sent.map((change) => `${JSON.stringify(change)}\n`).join(''))
    else response.end(JSON.stringify({ ...list, items: listed.map(({ object }) => object) }))
  }
}

test('the stand-in prints what kubectl prints of the same objects and changes', async () => {
  const changes = await changesOf('closed')
  expect(changes.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'MODIFIED', 'DELETED'])
  const versions = changes.map(({ object }) => (object as { metadata: { resourceVersion: string } }).metadata)
  expect(new Set(versions.map(({ resourceVersion }) => resourceVersion)).size).toBe(4)
  expect(await printedByKubectl(changes)).toEqual(changes)
})

test('so it does when the version of a watch has expired', async () => {
  const changes = await changesOf('expired')
  expect(changes.at(-1)).toMatchObject({ type: 'ERROR', object: { code: 410 } })
  expect(await printedByKubectl(changes)).toEqual(changes)
})

test('several resources cannot be watched together', async () => {
  const command = { resource: 'pods,services', namespace: 'demo' }
  const { signal } = new AbortController()
  expect(await watch(new StandInCluster(), GOOD_SURROUNDINGS, command, () => undefined, signal)).toBe(
    'error: you may only specify a single resource type\n',
  )
})
