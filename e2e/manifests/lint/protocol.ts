import { annotationsOf, podAnnotations, portNumber } from './manifest-set.ts'
import { faults, rule } from './rule.ts'

const APP_PROTOCOLS = ['http', 'kubernetes.io/h2c', 'linkerd.io/opaque', 'linkerd.io/tcp']
const PORT_LISTS = [
  'config.linkerd.io/opaque-ports',
  'config.linkerd.io/skip-inbound-ports',
  'config.linkerd.io/skip-outbound-ports',
]

/** Whether the proxy recognizes HTTP on a port: if not, no HTTP feature works on it. */
export const protocol = [
  rule(
    'app-protocol',
    'A word that Linkerd does not know makes the port opaque TCP, in any case of letters.',
    ({ services }) =>
      faults(services, ({ spec }) => {
        const named = (spec.ports ?? []).flatMap(({ appProtocol }) => appProtocol ?? [])
        const strange = named.find((word) => !APP_PROTOCOLS.includes(word.toLowerCase()))
        return strange && `appProtocol is ${strange}`
      }),
  ),
  rule('port-in-the-mesh', 'A port in the opaque or skipped ports is opaque TCP, or passes by the mesh.', (set) => {
    const used = set.services.flatMap((service) =>
      (service.spec.ports ?? []).flatMap(({ port, targetPort = port }) => [
        port,
        ...set.selected(service.spec.selector, service).flatMap((workload) => portNumber(workload, targetPort) ?? []),
      ]),
    )
    const workloads = set.workloads.map((workload) => ({
      ...workload,
      metadata: { ...workload.metadata, annotations: { ...annotationsOf(workload), ...podAnnotations(workload) } },
    }))
    return faults([...set.services, ...set.ofKind('Namespace'), ...workloads], (object) => {
      const taken = PORT_LISTS.find((key) => used.some((port) => lists(annotationsOf(object)[key] ?? '', port)))
      return taken && `${taken} has a port of a Service`
    })
  }),
]

// Ports and port ranges, as in 25,4000-4002.
function lists(list: string, port: number): boolean {
  return list.split(',').some((item) => {
    const [first = '', last = first] = item.trim().split('-')
    return first !== '' && Number(first) <= port && port <= Number(last)
  })
}
