import type { Breaker } from './balancer.ts'
import type { Behaviour } from './behaviour.ts'

/** Less than the slow calls of a run take, and more than any other call does on a busy machine. */
const ALWAYS_ON_MS = 1500

interface Match {
  method?: string
  headers?: { name: string; value: string }[]
}

interface Rule {
  matches?: Match[]
  backendRefs: { name: string; weight?: number }[]
  timeouts?: { request?: string }
}

/** What the stand-in reads of manifests of all kinds; each kind has some of it. */
export interface Spec {
  parentRefs?: { name: string; kind: string }[]
  rules?: Rule[]
  selector?: Record<string, string>
  accessPolicy?: string
  identityRefs?: { name: string }[]
  identity?: { requestsPerSecond: number }
  trafficPolicy?: string
}

/** An object as it was applied. */
export interface Applied {
  apiVersion: string
  kind: string
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> }
  spec?: Spec
}

interface Backend {
  name: string
  weight: number
}

/** What a route asks of the caller's proxy for one request. */
export interface Routed {
  route: string
  backends: readonly Backend[]
  timeoutMs: number | undefined
  retry: { statuses: (status: number) => boolean; limit: number } | undefined
}

/** Penalties of the manifests last ten seconds and more: a test bed has not that much time. */
const PENALTY_SCALE = 0.1

/** The policies in force, read from the applied objects. */
export class Policies {
  readonly #objects: () => readonly Applied[]
  readonly #behaviour: Behaviour
  #requests = 0

  constructor(objects: () => readonly Applied[], behaviour: Behaviour) {
    this.#objects = objects
    this.#behaviour = behaviour
  }

  /** Whether this request meets a proxy that knows nothing. */
  flaps(): boolean {
    this.#requests += 1
    return this.#behaviour.flaps > 0 && this.#requests % this.#behaviour.flaps === 0
  }

  /** The route of a request to a Service; the default one where there is none, as far as the mesh knows. */
  route(service: string, method: string, headers: Record<string, unknown>): Routed {
    const { timeouts } = this.#behaviour
    const plain: Routed = {
      route: 'http',
      backends: [{ name: service, weight: 1 }],
      timeoutMs: timeouts === 'always-on' ? ALWAYS_ON_MS : undefined,
      retry: undefined,
    }
    if (this.flaps()) return plain
    const routes = this.#ofKind('HTTPRoute').filter(({ spec }) => spec?.parentRefs?.[0]?.name === service)
    const rules = routes.flatMap((route) => (route.spec?.rules ?? []).map((rule) => ({ route, rule })))
    const [specific] = rules
      .filter(({ rule }) => rule.matches?.some((match) => this.#matches(match, method, headers)))
      .sort((a, b) => specificity(b.rule) - specificity(a.rule))
    const chosen = specific ?? rules.find(({ rule }) => rule.matches === undefined)
    return chosen === undefined ? plain : this.#routed(service, chosen.route, chosen.rule)
  }

  breaker(service: string): Breaker | undefined {
    const { breaker } = this.#behaviour
    if (breaker === 'never-trips') return undefined
    const annotations =
      this.#ofKind('Service').find(({ metadata }) => metadata.name === service)?.metadata.annotations ?? {}
    const told = (key: string) => annotations[`balancer.linkerd.io/failure-accrual${key}`]
    if (told('') !== 'consecutive') return undefined
    const penalty = breaker === 'never-recovers' ? Number.POSITIVE_INFINITY : PENALTY_SCALE
    return {
      maxFailures: Number(told('-consecutive-max-failures') ?? 5),
      minPenaltyMs: milliseconds(told('-consecutive-min-penalty') ?? '10s') * penalty,
      maxPenaltyMs: milliseconds(told('-consecutive-max-penalty') ?? '1m') * penalty,
    }
  }

  /** Whether the provider's Server admits a caller; the ServiceAccount is undefined without mTLS. */
  admits(account: string | undefined): 'yes' | 'no' | 'unguarded' {
    const { authorization } = this.#behaviour
    if (this.#server() === undefined) return 'unguarded'
    if (this.#server()?.spec?.accessPolicy !== 'deny') return 'unguarded'
    if (authorization === 'open' || this.flaps()) return 'yes'
    if (authorization === 'closed') return 'no'
    if (authorization === 'any-meshed') return account === undefined ? 'no' : 'yes'
    const allowed = this.#ofKind('MeshTLSAuthentication').flatMap(({ spec }) => spec?.identityRefs ?? [])
    return allowed.some(({ name }) => name === account) ? 'yes' : 'no'
  }

  /** Requests a second that one identity may make; undefined: as many as it likes. */
  ratePerS(): number | undefined {
    const { rateLimit } = this.#behaviour
    const told = this.#ofKind('HTTPLocalRateLimitPolicy')[0]?.spec?.identity?.requestsPerSecond
    if (rateLimit === 'never') return undefined
    if (told === undefined || this.flaps()) return undefined
    return told * (rateLimit === 'double' ? 2 : rateLimit === 'tenth' ? 0.1 : 1)
  }

  deniesEgress(): boolean {
    const { egress } = this.#behaviour
    if (egress === 'always-on') return true
    if (egress === 'never' || this.flaps()) return false
    return this.#ofKind('EgressNetwork').some(({ spec }) => spec?.trafficPolicy === 'Deny')
  }

  #routed(service: string, route: Applied, rule: Rule): Routed {
    const { split, headers, timeouts, retries } = this.#behaviour
    const annotations = route.metadata.annotations ?? {}
    let backends = rule.backendRefs.map(({ name, weight = 1 }) => ({
      name,
      weight,
    }))
    if (backends.length > 1) {
      if (split === 'ignored') backends = [{ name: service, weight: 1 }]
      const weights = backends.map(({ weight }) => weight).reverse()
      if (split === 'reversed') backends = backends.map(({ name }, index) => ({ name, weight: weights[index] ?? 0 }))
      if (split === 'even') backends = backends.map(({ name }) => ({ name, weight: 1 }))
    } else if (route.metadata.name === 'provider-by-header') {
      if (headers === 'ignored') backends = [{ name: service, weight: 1 }]
      if (headers === 'all-to-v2') backends = [{ name: 'provider-v2-svc', weight: 1 }]
    }
    const told = rule.timeouts?.request
    const timeoutMs =
      told === undefined || timeouts === 'never' ? undefined : milliseconds(told) * (timeouts === 'late' ? 3 : 1)
    const listed = annotations['retry.linkerd.io/http']
    const isListed = (status: number) => (retries === 'any-status' ? status >= 400 : listed === '5xx' && status >= 500)
    const limit = retries === 'unlimited' ? 12 : Number(annotations['retry.linkerd.io/limit'] ?? 1)
    return {
      route: route.metadata.name,
      backends,
      timeoutMs: timeoutMs ?? (timeouts === 'always-on' ? ALWAYS_ON_MS : undefined),
      retry: listed === undefined || retries === 'never' ? undefined : { statuses: isListed, limit },
    }
  }

  #matches(match: Match, method: string, headers: Record<string, unknown>): boolean {
    const wanted = match.headers ?? []
    const anyValue = this.#behaviour.headers === 'any-value'
    return (
      (match.method === undefined || match.method === method) &&
      wanted.every(({ name, value }) => (anyValue ? headers[name] !== undefined : headers[name] === value))
    )
  }

  #server(): Applied | undefined {
    return this.#ofKind('Server')[0]
  }

  #ofKind(kind: string): Applied[] {
    return this.#objects().filter((object) => object.kind === kind)
  }
}

/** By headers, then by method: every path here is `/`. */
function specificity({ matches = [] }: Rule): number {
  return Math.max(0, ...matches.map(({ method, headers = [] }) => 2 * headers.length + (method === undefined ? 0 : 1)))
}

/** `500ms`, `10s` and `1m` in milliseconds. */
function milliseconds(text: string): number {
  const [, number = '0', unit = 'ms'] = /^(\d+)(ms|s|m)$/.exec(text) ?? []
  return Number(number) * { ms: 1, s: 1000, m: 60_000 }[unit as 'ms' | 's' | 'm']
}
