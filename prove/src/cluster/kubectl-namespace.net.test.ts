import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { Kubectl, type Launcher } from './kubectl.ts'
import { KubectlNamespace } from './kubectl-namespace.ts'
import { Manifests } from './manifests.ts'
import { CLUSTER_PACE, systemClock } from './pace.ts'
import { Waits } from './waits.ts'

const labels = { app: 'provider', version: 'v1' }
const deployment = {
  kind: 'Deployment',
  metadata: { name: 'provider-v1', labels },
  spec: { selector: { matchLabels: labels } },
}
const pod = (name: string) => ({
  kind: 'Pod',
  metadata: { name, uid: `uid of ${name}`, labels },
  spec: { containers: [{ name: 'provider', ports: [{ name: 'admin', containerPort: 5001 }] }] },
  status: { conditions: [{ type: 'Ready', status: 'True' }] },
})

test('shed requests are counted since the last query, and from zero for a new pod', async () => {
  const shed = { event: 2, heap: 1 }
  const pods = ['provider-v1-a']
  let addPod: (object: object) => void = () => undefined
  const itemsOf = (resource = '') => (resource === 'deployments' ? [deployment] : pods.map(pod))
  const server = createServer((_request, response) =>
    response.end(
      `# TYPE http_server_requests_shed_total counter\nhttp_server_requests_shed_total{reason="delay"} ${shed.event}\n` +
        `http_server_requests_shed_total{reason="heap"} ${shed.heap}\n`,
    ),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const launcher: Launcher = {
    run: async ([, resource]) => ({ code: 0, stdout: JSON.stringify({ items: itemsOf(resource) }), stderr: '' }),
    start: ([verb, resource]) => {
      const { promise: ended, resolve } = Promise.withResolvers<string>()
      const tell = (listener: (line: string) => void) => {
        if (verb === 'get') {
          for (const object of itemsOf(resource)) listener(JSON.stringify({ type: 'ADDED', object }))
          if (resource === 'pods') addPod = (object) => listener(JSON.stringify({ type: 'ADDED', object }))
        } else for (const remote of [5001, 4191]) listener(`Forwarding from 127.0.0.1:${port} -> ${remote}`)
      }
      return { onLine: (listener) => void setImmediate(tell, listener), ended, stop: () => resolve('') }
    },
  }
  const { signal } = new AbortController()
  const kubectl = new Kubectl({
    launcher,
    context: undefined,
    clock: systemClock,
    timeoutMs: 5000,
    signal,
    onCommand: () => undefined,
  })
  const manifests = new Manifests({
    k8s: '',
    folder: '',
    features: [],
    images: { registry: undefined, tag: '1.0' },
    run: 'abc',
    kubectl,
  })
  const namespace = new KubectlNamespace({
    name: 'test',
    kubectl,
    manifests,
    clock: systemClock,
    pace: CLUSTER_PACE,
    signal,
    waits: new Waits({ quietMs: 5000, announce: () => undefined, lastWarning: async () => undefined }),
    seed: 1,
  })
  try {
    expect(await namespace.takeShed(['provider-v1'])).toBe(3)
    expect(await namespace.takeShed(['provider-v1'])).toBe(0)
    shed.event = 7
    addPod(pod('provider-v1-b'))
    await namespace.pods('provider-v1')
    expect(await namespace.takeShed(['provider-v1'])).toBe(5 + 8)
  } finally {
    await namespace.close()
    server.close()
    server.closeAllConnections()
  }
})
