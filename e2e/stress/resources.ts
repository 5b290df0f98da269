import type { KeepAliveClient } from '../http-client.ts'
import type { ServiceProcess } from '../service-process.ts'

/** What a process holds, as it tells itself. */
export interface Resources {
  activeRequests: number
  sockets: number
  timers: number
}

/** Reads what a service holds from its metrics; the connection that asks is one of the sockets. */
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
