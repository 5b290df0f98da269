import { nameOf } from '../kube-object.ts'
import { type Fault, faults, rule } from './rule.ts'

const PROTOCOLS = ['unknown', 'HTTP/1', 'HTTP/2', 'gRPC', 'opaque', 'TLS']

/** Servers: the ports that policies guard. */
export const servers = [
  rule('server-selects', 'A Server whose selector or port name fits no pod guards nothing, without an error.', (set) =>
    faults(set.servers, (server) => {
      const pods = set.selected(server.spec.podSelector?.matchLabels, server)
      if (pods.length === 0) return 'selects no pod'
      return (
        typeof server.spec.port === 'string' &&
        set.guarded(server).length === 0 &&
        `no pod has a port ${server.spec.port}`
      )
    }),
  ),
  rule(
    'declared-port',
    'The policy of a port that no container declares is fetched at the first connection only.',
    (set) =>
      faults(set.servers, (server) => {
        const known = typeof server.spec.port === 'string' || set.guarded(server).length > 0
        return !known && `no container declares port ${server.spec.port}`
      }),
  ),
  rule('server-lets-in', 'A Server refuses everybody by default until a policy lets somebody in.', (set) =>
    faults(set.servers, (server) => {
      const open = set.authorizations.some(({ spec: { targetRef } }) => {
        const route = set.routes.find(
          ({ metadata }) => targetRef.kind === 'HTTPRoute' && metadata.name === targetRef.name,
        )
        const names = route ? (route.spec.parentRefs ?? []).map(({ name }) => name) : [targetRef.name]
        return targetRef.kind === 'Namespace' || names.includes(server.metadata.name)
      })
      return server.spec.accessPolicy === undefined && !open && 'has neither accessPolicy nor an AuthorizationPolicy'
    }),
  ),
  rule(
    'one-server-a-port',
    'Of two Servers over one port of a pod the older counts; the other is a line in a log.',
    (set) =>
      set.servers.flatMap((server, index): Fault[] => {
        const taken = set.guarded(server)
        const rival = set.servers
          .slice(0, index)
          .find((other) =>
            set.guarded(other).some((a) => taken.some((b) => a.workload === b.workload && a.port === b.port)),
          )
        return rival ? [[server, `guards the same port as ${nameOf(rival)}`]] : []
      }),
  ),
  rule(
    'server-protocol',
    'HTTP/2 on a port that speaks HTTP/1 breaks callers without a proxy; a misspelt word is refused.',
    (set) =>
      faults(set.servers, (server) => {
        const { proxyProtocol = 'unknown', port } = server.spec
        if (!PROTOCOLS.includes(proxyProtocol)) return `proxyProtocol is ${proxyProtocol}`
        const ports = set.services.flatMap(({ spec }) => spec.ports ?? [])
        const http1 = ports.some(({ targetPort, appProtocol }) => targetPort === port && appProtocol === 'http')
        return proxyProtocol === 'HTTP/2' && http1 && 'is HTTP/2 over a port that speaks HTTP/1'
      }),
  ),
]
