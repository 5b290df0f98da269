import { KeepAliveClient } from '@linkerd-scenario/test-kit/http-client'
import type { ServiceProcess } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { heapBytes } from './heap.ts'

/** The resources of a process, as it reports them itself. */
export interface Resources {
  activeRequests: number
  sockets: number
  timers: number
}

/** Reads a service's resources from its metrics; the connection for this is one of the sockets. */
export async function resourcesOf(client: KeepAliveClient, { adminUrl }: ServiceProcess): Promise<Resources> {
  const { body } = await client.get(`${adminUrl}/metrics`)
  const value = (series: string) => {
    const line = body.split('\n').find((text) => text.startsWith(`${series} `))
    return Number(line?.slice(series.length) ?? 0)
  }
  return {
    activeRequests: value('http_server_active_requests'),
    sockets: value('nodejs_active_resources{type="TCPSocketWrap"}'),
    timers: value('nodejs_active_resources{type="Timeout"}'),
  }
}

/** What remains of services whose callers have left. */
export interface Rest {
  resources: Resources[]
  /** Heap bytes after a collection: the services need GC_ON_SIGNAL. */
  heap: number[]
}

/** Waits until no request is in flight and each service has at most `sockets`, and returns their resources. */
export async function atRest(services: readonly ServiceProcess[], sockets: number): Promise<Rest> {
  await using client = new KeepAliveClient(1)
  const resources = await until(
    () => Promise.all(services.map((service) => resourcesOf(client, service))),
    (all) => all.every((one) => one.activeRequests === 0 && one.sockets <= sockets),
    { withinMs: 30_000, everyMs: 100 },
  )
  return { resources, heap: await Promise.all(services.map(heapBytes)) }
}
