import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { Kubectl, type Launcher } from './kubectl.ts'
import { KubectlNamespace } from './kubectl-namespace.ts'
import { Manifests } from './manifests.ts'
import { CLUSTER_PACE, systemClock as clock } from './pace.ts'
import { Waits } from './waits.ts'

const { signal } = new AbortController()
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

/** Serves the counters of a service that has shed so many requests. Returns its port. */
async function countersOf(stack: AsyncDisposableStack, shed: { event: number; heap: number }): Promise<number> {
  const server = createServer((_request, response) =>
    response.end(
      `# TYPE http_server_requests_shed_total counter\nhttp_server_requests_shed_total{reason="delay"} ${shed.event}\n` +
        `http_server_requests_shed_total{reason="heap"} ${shed.heap}\n`,
    ),
  )
  stack.defer(() => {
    server.close()
    server.closeAllConnections()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A kubectl that shows one pod and those that are added, and forwards each to `port`. */
function kubectlOf(port: number) {
  let showPod: (line: string) => void = () => undefined
  const itemsOf = (resource = '') => (resource === 'deployments' ? [deployment] : [pod('provider-v1-a')])
  const added = (object: object) => JSON.stringify({ type: 'ADDED', object })
  const launcher: Launcher = {
    run: async ([, resource]) => ({ code: 0, stdout: JSON.stringify({ items: itemsOf(resource) }), stderr: '' }),
    start: ([verb, resource]) => {
      const { promise: ended, resolve } = Promise.withResolvers<string>()
      const tell = (listener: (line: string) => void) => {
        if (verb === 'get') {
          for (const object of itemsOf(resource)) listener(added(object))
          if (resource === 'pods') showPod = listener
        } else for (const remote of [5001, 4191]) listener(`Forwarding from 127.0.0.1:${port} -> ${remote}`)
      }
      return { onLine: (listener) => void setImmediate(tell, listener), ended, stop: () => resolve('') }
    },
  }
  const context = undefined
  const kubectl = new Kubectl({ launcher, context, clock, timeoutMs: 5000, signal, onCommand: () => undefined })
  return { kubectl, addPod: (name: string) => showPod(added(pod(name))) }
}

test('shed requests are counted since the last query, and from zero for a new pod', async () => {
  await using stack = new AsyncDisposableStack()
  const shed = { event: 2, heap: 1 }
  const { kubectl, addPod } = kubectlOf(await countersOf(stack, shed))
  const images = { registry: undefined, tag: '1.0' }
  const manifests = new Manifests({ k8s: '', folder: '', features: [], images, run: 'abc', kubectl })
  const waits = new Waits({ quietMs: 5000, announce: () => undefined, lastWarning: async () => undefined })
  const pace = CLUSTER_PACE
  const namespace = new KubectlNamespace({ name: 'test', kubectl, manifests, clock, pace, signal, waits, seed: 1 })
  stack.defer(() => namespace.close())
  expect(await namespace.takeShed(['provider-v1'])).toBe(3)
  expect(await namespace.takeShed(['provider-v1'])).toBe(0)
  shed.event = 7
  addPod('provider-v1-b')
  await namespace.pods('provider-v1')
  expect(await namespace.takeShed(['provider-v1'])).toBe(5 + 8)
})
