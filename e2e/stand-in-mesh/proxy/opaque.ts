import type { Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { InboundOptions } from './inbound.ts'
import { destinationLabels, peerLabels, targetLabels } from './labels.ts'
import type { OutboundOptions } from './outbound.ts'
import { join } from './plain-network.ts'
import { authorize } from './policies/authorization.ts'

/**
 * If the Service's port is opaque, makes a caller's proxy forward whole connections without reading them: no route,
 * retry, timeout, breaker or identity header applies. Returns the server it was given.
 */
export function withOpaquePorts(http: Server, options: OutboundOptions): Server {
  const { service, policies } = options
  const isOpaque = () => {
    const ports = service === undefined ? '' : policies.annotations(service.name)['config.linkerd.io/opaque-ports']
    return service !== undefined && (ports ?? '').split(',').includes(String(service.port))
  }
  const [parse] = http.listeners('connection')
  http.removeAllListeners('connection')
  return http.on('connection', (socket: Socket) => {
    if (isOpaque()) tunnel(socket, options)
    else parse?.call(http, socket)
  })
}

function tunnel(socket: Socket, { service, targets, metrics, surroundings, account }: OutboundOptions): void {
  const { name = '', port = 0 } = service ?? {}
  const open = targets(name)
  const target = open[Math.floor(Math.random() * open.length)]
  const appPort = target?.connect(account)
  if (target === undefined || appPort === undefined) return void socket.destroy()
  metrics.add('tcp_open_total', { ...destinationLabels(name, port, target, surroundings), peer: 'dst' })
  join(socket, connect(appPort, '127.0.0.1'))
}

/** How the provider's proxy handles such a connection: the service's port, or undefined if it refuses. */
export function acceptOpaque(
  { policies, metrics, workload, ip, appPort, identityOf }: InboundOptions,
  account: string,
): number | undefined {
  const { answer, server } = authorize(workload, account, { method: 'GET', path: '/', headers: {} }, policies)
  const labels = {
    ...targetLabels(ip, workload.port),
    srv_group: server.group,
    srv_kind: server.kind,
    srv_name: server.name,
    srv_port: String(workload.port),
    ...peerLabels(identityOf(account)),
  }
  if (answer !== 'allowed') {
    metrics.add('inbound_tcp_authz_deny_total', labels)
    return undefined
  }
  metrics.add('tcp_open_total', { direction: 'inbound', peer: 'src', ...labels })
  return appPort()
}
