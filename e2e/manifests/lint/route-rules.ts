import { serviceParents } from './manifest-set.ts'
import type { Filter, Route, RouteRule } from './model.ts'
import { faults, rule } from './rule.ts'

const FILTERS = ['RequestHeaderModifier', 'ResponseHeaderModifier', 'RequestRedirect']
const RULE_FIELDS = ['name', 'matches', 'filters', 'backendRefs', 'timeouts']

/** What a route says about requests: Linkerd does not support everything in Gateway API. */
export const routeRules = [
  rule('catch-all', 'A Service with routes answers 404 to what no rule of any of them matches.', ({ routes }) => {
    const caught = new Set(routes.filter(({ spec }) => spec.rules?.some(matchesAll)).flatMap(parentNames))
    return faults(routes, (route) => {
      const open = parentNames(route).find((name) => !caught.has(name))
      return open && `no rule for the rest of the requests to ${open}`
    })
  }),
  rule(
    'known-filter',
    'A rule with a filter that Linkerd lacks takes its whole route out of force; on a backend it is 500.',
    (set) =>
      faults(set.routes, ({ spec }) => {
        const strange = (spec.rules ?? []).flatMap(allFilters).find(({ type }) => !FILTERS.includes(type))
        return strange && `has the filter ${strange.type}`
      }),
  ),
  rule('no-backend-timeout', 'A timeout on the backend alone is ignored.', ({ routes }) =>
    faults(
      routes,
      ({ spec }) => spec.rules?.some(({ timeouts }) => timeouts?.backendRequest) && 'has timeouts.backendRequest',
    ),
  ),
  rule(
    'simple-timeout',
    'A timeout of two parts, such as 1m30s, passes the CRD and is dropped silently.',
    ({ routes }) =>
      faults(routes, ({ spec }) => {
        const requests = (spec.rules ?? []).map(({ timeouts }) => timeouts?.request ?? '0s')
        const wrong = requests.find((request) => !/^\d+(ms|s|m|h)$/.test(request))
        return wrong && `the timeout ${wrong} is not one number and one unit`
      }),
  ),
  rule(
    'standard-fields',
    'Fields beyond the standard channel of Gateway API are ignored, some with their whole route.',
    (set) =>
      faults(set.routes, ({ spec }) => {
        const strange = (spec.rules ?? [])
          .flatMap((item) => Object.keys(item))
          .find((field) => !RULE_FIELDS.includes(field))
        return strange && `a rule has the field ${strange}`
      }),
  ),
]

const parentNames = (route: Route): string[] => serviceParents(route).map(({ name }) => name)

const allFilters = ({ filters = [], backendRefs = [] }: RouteRule): Filter[] => [
  ...filters,
  ...backendRefs.flatMap((backend) => backend.filters ?? []),
]

function matchesAll({ matches }: RouteRule): boolean {
  if (!matches || matches.length === 0) return true
  return matches.some(({ path, method, headers, queryParams }) => {
    const anyPath = path === undefined || ((path.type ?? 'PathPrefix') === 'PathPrefix' && path.value === '/')
    return anyPath && method === undefined && headers === undefined && queryParams === undefined
  })
}
