import { serviceParents } from './manifest-set.ts'
import type { BackendRef, Route } from './model.ts'
import { type Fault, faults, rule } from './rule.ts'

/** Where a route sends requests. */
export const routeBackends = [
  rule(
    'backend-exists',
    'A backend that is missing answers 500 for its share, while the route counts as accepted.',
    (set) =>
      faults(set.routes, (route) => {
        const lost = backends(route).find(({ name }) => !set.service(name, route))
        return lost && `there is no Service ${lost.name}`
      }),
  ),
  rule('backend-port', 'Without a port that its Service has, a backend has no endpoints: 504, then 503.', (set) =>
    faults(set.routes, (route) => {
      const wrong = backends(route).find(({ name, port }) => {
        const ports = set.service(name, route)?.spec.ports
        return port === undefined || (ports && !ports.some((declared) => declared.port === port))
      })
      return wrong && `backend ${wrong.name} has no port ${wrong.port ?? '(none given)'}`
    }),
  ),
  rule('leaf-backend', 'A split with the parent among its backends counts the other versions twice.', ({ routes }) =>
    faults(routes, (route) => {
      const parents = serviceParents(route).map(({ name }) => name)
      const split = rules(route).find((refs) => refs.length > 1 && refs.some(({ name }) => parents.includes(name)))
      return split && 'splits between its parent and others'
    }),
  ),
  rule(
    'some-weight',
    'Weights that are all 0 stop the proxy; a single backend of weight 0 gets everything.',
    ({ routes }) =>
      routes.flatMap((route) =>
        rules(route)
          .filter((refs) => refs.length > 0 && refs.every(({ weight }) => weight === 0))
          .map((refs): Fault => [route, `${refs.map(({ name }) => name).join(', ')}: no weight above 0`]),
      ),
  ),
]

// A route on a Server decides who may call; it forwards nothing.
const rules = (route: Route): BackendRef[][] =>
  serviceParents(route).length === 0 ? [] : (route.spec.rules ?? []).map(({ backendRefs = [] }) => backendRefs)

const backends = (route: Route): BackendRef[] =>
  rules(route)
    .flat()
    .filter(({ kind = 'Service' }) => kind === 'Service')
