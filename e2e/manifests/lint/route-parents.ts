import { groupOf } from '../kube-object.ts'
import { sameNamespace, serviceParents } from './manifest-set.ts'
import type { Route } from './model.ts'
import { faults, rule } from './rule.ts'

/** What a route is attached to: with a wrong parent the route has no effect. */
export const routeParents = [
  rule(
    'parent-written-out',
    'Without group and kind the parent is a Gateway, and Linkerd never sees the route.',
    ({ routes }) =>
      faults(routes, ({ spec }) => {
        const bare = (spec.parentRefs ?? []).find(({ group, kind }) => group === undefined || kind === undefined)
        return bare && `parent ${bare.name} lacks its group or kind`
      }),
  ),
  rule('parent-exists', 'A route whose Service is absent or headless is not accepted.', (set) =>
    faults(set.routes, (route) => {
      const lost = serviceParents(route).find(({ name, namespace }) => {
        const service = set.service(name, namespace ? inNamespace(route, namespace) : route)
        return !service || service.spec.clusterIP === 'None'
      })
      return lost && `there is no Service ${lost.name} with an address of its own`
    }),
  ),
  rule('parent-port', 'A route on a port that the Service lacks is accepted and has no effect.', (set) =>
    faults(set.routes, (route) => {
      const wrong = serviceParents(route).find(({ name, port }) => {
        const ports = set.service(name, route)?.spec.ports
        return port !== undefined && ports !== undefined && !ports.some((declared) => declared.port === port)
      })
      return wrong && `Service ${wrong.name} has no port ${wrong.port}`
    }),
  ),
  rule(
    'no-hostnames',
    'Hostnames are compared with what the caller spelled: provider-svc and provider-svc.NAMESPACE differ, and the rest is 404.',
    ({ routes }) =>
      faults(routes, (route) => serviceParents(route).length > 0 && route.spec.hostnames && 'has hostnames'),
  ),
  rule(
    'route-version',
    'Older route kinds are legacy, and one of them turns response filters into request filters.',
    (set) =>
      faults(set.routes, ({ apiVersion }) => apiVersion !== 'gateway.networking.k8s.io/v1' && `is ${apiVersion}`),
  ),
  rule('one-kind-of-route', 'Where a GRPCRoute is attached, HTTPRoutes on the same Service are refused.', (set) => {
    const grpc = set.ofKind<Route>('GRPCRoute').flatMap((route) => serviceParents(route).map(({ name }) => name))
    return faults(set.routes, (route) => {
      const shared = serviceParents(route).find(({ name }) => grpc.includes(name))
      return shared && `Service ${shared.name} has a GRPCRoute as well`
    })
  }),
  rule(
    'route-beside-service',
    'A route in another namespace than its Service holds only for callers there.',
    ({ routes }) =>
      faults(routes, (route) => {
        const far = serviceParents(route).find(
          ({ namespace }) => namespace && !sameNamespace(route, inNamespace(route, namespace)),
        )
        return far && `Service ${far.name} is in namespace ${far.namespace}`
      }),
  ),
  rule(
    'no-service-profile',
    'A ServiceProfile switches HTTPRoutes, retries, timeouts and the breaker of its Service off.',
    (set) => faults(set.ofKind('ServiceProfile'), () => 'is a ServiceProfile'),
  ),
  rule('no-smi-split', 'Without the deprecated extension a TrafficSplit does nothing.', (set) =>
    faults(set.ofKind('TrafficSplit'), (split) => groupOf(split) === 'split.smi-spec.io' && 'is an SMI TrafficSplit'),
  ),
]

const inNamespace = (route: Route, namespace: string): Route => ({
  ...route,
  metadata: { ...route.metadata, namespace },
})
