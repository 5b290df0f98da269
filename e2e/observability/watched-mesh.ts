import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type ServiceProcess, spawnConsumer } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { build } from '../manifests/build.ts'
import type { StandInPod } from '../stand-in-mesh/pod.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { Prometheus, type Target } from './prometheus.ts'

const NAMESPACE = 'demo'

/** How a container has ended, as kube-state-metrics says it. */
interface Terminated {
  pod: string
  container: string
  reason: 'Completed' | 'Error'
}

/** Both services in a stand-in mesh with retries, a consumer outside of it, and a real Prometheus that scrapes all. */
export interface WatchedMesh extends AsyncDisposable {
  consumer: StandInPod
  provider: StandInPod
  /** A consumer whose pod was not injected. It calls the provider's proxy, as any pod without one does. */
  outsider: ServiceProcess
  prometheus: Prometheus
  /** What is added here, Prometheus scrapes. */
  terminated: Terminated[]
}

/** `rules`: the path of a rule file. */
export async function watchedMesh(rules: string): Promise<WatchedMesh> {
  await using stack = new AsyncDisposableStack()
  const cluster = new StandInCluster()
  stack.defer(() => cluster.close())
  cluster.createNamespace(NAMESPACE, {})
  cluster.apply(NAMESPACE, manifests())
  const ready = () => cluster.pods(NAMESPACE).filter((pod) => pod.ready)
  const pods = await until(ready, ({ length }) => length === 2, { withinMs: 60_000 })
  const [consumer, provider] = ['consumer', 'provider'].map((name) => pods.find(({ service }) => service === name))
  if (consumer === undefined || provider === undefined) throw new Error('the base has one pod of each service')
  const outsider = stack.use(await spawnConsumer(provider.target.port))
  const terminated: Terminated[] = []
  const targets = [
    ...[consumer, provider].flatMap(podTargets),
    target(outsider.adminPort, 'consumer-outside', 'consumer-outside-x'),
    // Its series name their pods themselves.
    { port: await kubeStateMetrics(terminated, stack), labels: {} },
  ]
  const prometheus = stack.use(await Prometheus.start(targets, rules))
  const resources = stack.move()
  return {
    ...{ consumer, provider, outsider, prometheus, terminated },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  }
}

/** Makes a service call the provider `count` times; `fault` is for each of the calls. */
export async function burst(adminPort: number, count: number, fault?: string): Promise<void> {
  const headers: Record<string, string> = fault === undefined ? {} : { 'x-fault': fault }
  const url = `http://127.0.0.1:${adminPort}/burst?n=${count}`
  const response = await fetch(url, { method: 'POST', headers })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  await response.text()
}

/** The base with faults, and the route that retries. */
function manifests(): string {
  const objects = [...build({ resources: ['base'], components: ['components/faults', 'features/retries'] })]
  return objects.map((object) => JSON.stringify(object)).join('\n---\n')
}

/** The service and its proxy, with the labels that the PodMonitors set. */
function podTargets({ adminPort, proxyAdminPort, name, options }: StandInPod): Target[] {
  return [adminPort, proxyAdminPort].map((port) => target(port, options.deployment, name))
}

function target(port: number, deployment: string, pod: string): Target {
  return { port, labels: { namespace: NAMESPACE, deployment, pod } }
}

/** Serves what kube-state-metrics reports of the containers that have ended; returns the port. */
async function kubeStateMetrics(terminated: readonly Terminated[], stack: AsyncDisposableStack): Promise<number> {
  const name = 'kube_pod_container_status_last_terminated_reason'
  const line = ({ pod, container, reason }: Terminated) =>
    `${name}{namespace="${NAMESPACE}",pod="${pod}",container="${container}",reason="${reason}"} 1\n`
  const server = createServer((_request, response) =>
    response.end(`# TYPE ${name} gauge\n${terminated.map(line).join('')}`),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  stack.defer(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return (server.address() as AddressInfo).port
}
