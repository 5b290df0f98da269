import type { Applied, Match, Policies, Rule } from './policies.ts'
import { milliseconds } from './policies.ts'

/** Shorter than the slow calls of a run, and longer than any other call on a busy machine. */
const ALWAYS_ON_MS = 1500

/** A route's labels in the metrics. */
export interface Route {
  group: string
  kind: string
  name: string
}

interface Backend {
  name: string
  weight: number
}

/** What a route tells the caller's proxy to do with one request. */
export interface Routed {
  route: Route
  backends: readonly Backend[]
  timeoutMs: number | undefined
  retry: { statuses: (status: number) => boolean; limit: number } | undefined
}

/** The parts of a request that routes match on. */
export interface RequestLine {
  method: string
  path: string
  headers: Record<string, unknown>
}

export const ROUTE_GROUP = 'gateway.networking.k8s.io'

/** The route of a request to a Service; the default route if the mesh knows of no attached route. */
export function routeTo(service: string, request: RequestLine, policies: Policies): Routed | 'not found' {
  const { timeouts } = policies.behaviour
  const plain: Routed = {
    route: { group: '', kind: 'default', name: 'http' },
    backends: [{ name: service, weight: 1 }],
    timeoutMs: timeouts === 'always-on' ? ALWAYS_ON_MS : undefined,
    retry: undefined,
  }
  const routes = routesOf('Service', service, policies)
  if (policies.flaps() || routes.length === 0) return plain
  const best = bestMatch(routes, request, policies.behaviour.headers === 'any-value')
  return best === undefined ? 'not found' : routed(service, best.route, best.rule, policies)
}

/** The routes that are attached to a parent. */
export function routesOf(kind: string, name: string, policies: Policies): Applied[] {
  return policies
    .ofKind('HTTPRoute')
    .filter(({ spec }) => spec?.parentRefs?.some((parent) => parent.kind === kind && parent.name === name))
}

/** The most specific rule that matches: by path, then headers, then method; the first of equals. */
export function bestMatch(
  routes: readonly Applied[],
  request: RequestLine,
  anyValue = false,
): { route: Applied; rule: Rule } | undefined {
  const found = routes.flatMap((route) =>
    (route.spec?.rules ?? []).flatMap((rule) =>
      (rule.matches ?? [{}])
        .filter((match) => matches(match, request, anyValue))
        .map((match) => ({ route, rule, weight: specificity(match) })),
    ),
  )
  return found.toSorted((a, b) => b.weight - a.weight)[0]
}

function specificity({ method, path, headers = [] }: Match): number {
  return 10_000 * (path?.value ?? '/').length + 100 * headers.length + (method === undefined ? 0 : 1)
}

function matches({ method, path, headers = [] }: Match, request: RequestLine, anyValue: boolean): boolean {
  const wanted = path?.value ?? '/'
  const prefix = wanted.endsWith('/') ? wanted : `${wanted}/`
  const isPath = request.path === wanted || (path?.type !== 'Exact' && `${request.path}/`.startsWith(prefix))
  return (
    isPath &&
    (method === undefined || method === request.method) &&
    headers.every(({ name, value }) =>
      anyValue ? request.headers[name] !== undefined : request.headers[name] === value,
    )
  )
}

function routed(service: string, { metadata }: Applied, rule: Rule, { behaviour }: Policies): Routed {
  const { timeouts, retries } = behaviour
  const annotations = metadata.annotations ?? {}
  const timeout = rule.timeouts?.request
  const timeoutMs =
    timeout === undefined || timeouts === 'never' ? undefined : milliseconds(timeout) * (timeouts === 'late' ? 3 : 1)
  const listed = annotations['retry.linkerd.io/http']
  const isListed = (status: number) => (retries === 'any-status' ? status >= 400 : listed === '5xx' && status >= 500)
  const limit = retries === 'unlimited' ? 12 : Number(annotations['retry.linkerd.io/limit'] ?? 1)
  return {
    route: { group: ROUTE_GROUP, kind: 'HTTPRoute', name: metadata.name },
    backends: backends(service, metadata.name, rule, behaviour),
    timeoutMs: timeoutMs ?? (timeouts === 'always-on' ? ALWAYS_ON_MS : undefined),
    retry: listed === undefined || retries === 'never' ? undefined : { statuses: isListed, limit },
  }
}

/** The backends of a rule, as far as the mesh follows it. */
function backends(service: string, route: string, rule: Rule, behaviour: Policies['behaviour']): Backend[] {
  const { split, headers } = behaviour
  const given = (rule.backendRefs ?? []).map(({ name, weight = 1 }) => ({ name, weight }))
  if (given.length > 1) {
    const weights = given.map(({ weight }) => weight).reverse()
    if (split === 'ignored') return [{ name: service, weight: 1 }]
    if (split === 'reversed') return given.map(({ name }, index) => ({ name, weight: weights[index] ?? 0 }))
    if (split === 'even') return given.map(({ name }) => ({ name, weight: 1 }))
  } else if (route === 'provider-by-header') {
    if (headers === 'ignored') return [{ name: service, weight: 1 }]
    if (headers === 'all-to-v2') return [{ name: 'provider-v2-svc', weight: 1 }]
  }
  return given
}
