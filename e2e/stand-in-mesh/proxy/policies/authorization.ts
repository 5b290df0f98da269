import type { Applied, Policies } from './policies.ts'
import { bestMatch, type RequestLine, ROUTE_GROUP, type Route, routesOf } from './routes.ts'

/** A proxy's decision about a request, and the objects behind it. */
export interface Authorization {
  answer: 'allowed' | 'denied' | 'no route'
  server: Route
  route: Route
  /** Meaningless if the request is not allowed. */
  by: Route
}

/** The pod whose proxy decides. */
export interface Workload {
  labels: Record<string, string>
  port: number
}

const POLICY_GROUP = 'policy.linkerd.io'
const DEFAULT_ROUTE: Route = { group: '', kind: 'default', name: 'default' }
const byDefault = (name: string): Route => ({ group: '', kind: 'default', name })

/** The inbound proxy's decision; the caller's ServiceAccount is undefined without mTLS. */
export function authorize(
  { labels, port }: Workload,
  account: string | undefined,
  request: RequestLine,
  policies: Policies,
): Authorization {
  const { behaviour } = policies
  const server = serverOf(labels, port, policies)
  if (server === undefined) {
    const policy = behaviour.defaultInboundPolicy
    const answer = policy === 'deny' ? 'denied' : 'allowed'
    return { answer, server: byDefault(policy), route: DEFAULT_ROUTE, by: byDefault(policy) }
  }
  const found = { group: POLICY_GROUP, kind: 'server', name: server.metadata.name }
  const routes = routesOf('Server', server.metadata.name, policies)
  const matched = bestMatch(routes, request)?.route
  const route =
    matched === undefined ? DEFAULT_ROUTE : { group: ROUTE_GROUP, kind: 'HTTPRoute', name: matched.metadata.name }
  if (routes.length > 0 && matched === undefined) return { answer: 'no route', server: found, route, by: DEFAULT_ROUTE }
  const open = server.spec?.accessPolicy ?? 'deny'
  if (open !== 'deny') return { answer: 'allowed', server: found, route, by: byDefault(open) }
  const policy = policyFor(server, matched, account, policies)
  const by = { group: POLICY_GROUP, kind: 'authorizationpolicy', name: policy ?? 'provider-from-consumer' }
  return {
    answer: allows(policy, matched !== undefined, account, policies) ? 'allowed' : 'denied',
    server: found,
    route,
    by,
  }
}

function allows(
  policy: string | undefined,
  isOnRoute: boolean,
  account: string | undefined,
  policies: Policies,
): boolean {
  const { authorization } = policies.behaviour
  if (authorization === 'open' || policies.flaps()) return true
  if (authorization === 'closed') return false
  if (authorization === 'any-meshed' && !isOnRoute) return account !== undefined
  return policy !== undefined
}

/** The name of a policy on the Server or the route that allows the caller. */
function policyFor(
  server: Applied,
  route: Applied | undefined,
  account: string | undefined,
  policies: Policies,
): string | undefined {
  const isOnRoute = (name: string) =>
    policies.behaviour.authorization === 'on-any-route' ? true : name === route?.metadata.name
  return policies
    .ofKind('AuthorizationPolicy')
    .filter(({ spec: { targetRef } = {} }) =>
      targetRef?.kind === 'HTTPRoute' ? isOnRoute(targetRef.name) : targetRef?.name === server.metadata.name,
    )
    .find(({ spec }) =>
      (spec?.requiredAuthenticationRefs ?? []).every(({ kind, name }) => {
        if (kind === 'ServiceAccount') return name === account
        const authentication = policies.ofKind(kind).find(({ metadata }) => metadata.name === name)
        if (kind === 'NetworkAuthentication') return authentication !== undefined
        return authentication?.spec?.identityRefs?.some((ref) => ref.name === account) ?? false
      }),
    )?.metadata.name
}

/** The Server of a port, by number or by name; in the manifests the service's own port has a name. */
function serverOf(labels: Record<string, string>, port: number, policies: Policies): Applied | undefined {
  return policies.ofKind('Server').find(({ spec }) => {
    const wanted = Object.entries(spec?.podSelector?.matchLabels ?? {})
    return (spec?.port === 'http' || spec?.port === port) && wanted.every(([name, value]) => labels[name] === value)
  })
}
