import type { Policies } from './policies/policies.ts'

/** GCRA in its simplest form: one bucket per identity, which holds one second's worth of requests. */
export class RateLimit {
  readonly #buckets = new Map<string, { tokens: number; at: number }>()
  readonly #policies: Policies

  constructor(policies: Policies) {
    this.#policies = policies
  }

  /** Whether the client may make another request. */
  admits(client: string): boolean {
    const rate = this.#ratePerS()
    if (rate === undefined) return true
    const now = performance.now()
    const bucket = this.#buckets.get(client) ?? { tokens: rate, at: now }
    bucket.tokens = Math.min(rate, bucket.tokens + ((now - bucket.at) / 1000) * rate)
    bucket.at = now
    this.#buckets.set(client, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }

  #ratePerS(): number | undefined {
    const { rateLimit } = this.#policies.behaviour
    const given = this.#policies.ofKind('HTTPLocalRateLimitPolicy')[0]?.spec?.identity?.requestsPerSecond
    if (rateLimit === 'never' || given === undefined || this.#policies.flaps()) return undefined
    return given * (rateLimit === 'double' ? 2 : rateLimit === 'tenth' ? 0.1 : 1)
  }
}
