import { DELAY_MS, TRAFFIC } from './known-traffic.ts'
import type { RecordedPage } from './recorded-page.ts'

/** The value of `$__range` and `$__rate_interval`, s: longer than the test runs. */
export const WINDOW_S = 60

/** From, to. */
export type Range = readonly [number, number]

/** The expected answer of a query: values by labels; a pair is a range. */
export interface Expected {
  values: Record<string, number | Range>
  /** The base of the tolerance, if it is not the value itself: a difference is only as exact as its terms. */
  slack?: number
  namespace?: string
}

interface Pages {
  consumer: RecordedPage
  provider: RecordedPage
}

const { plain, providerFails, consumerFails, delayed, invalid, held } = TRAFFIC
/** Calls of the consumer to the provider that have ended. */
const CALLED = plain + providerFails + delayed
/** The histogram bucket of the services that holds the delayed requests, s. */
const DELAYED_BUCKET: Range = [1, 2.5]
/** Below it. */
const PROMPT: Range = [0, 1]
const perSecond = (count: number) => count / WINDOW_S
const rates = (counts: Record<string, number>): Expected => ({
  values: Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, perSecond(count)])),
})

/** The expected answer of each dashboard query after the known traffic and the growth of the recorded pages. */
export function expectedOf(pages: Pages, { shed }: { shed: number }): Map<string, Expected> {
  return new Map(
    Object.entries({
      ...ofTraffic(),
      ...ofLoad(shed),
      ...ofProxiedCalls(pages),
      ...ofProtections(pages),
      ...ofDifferences(pages),
    }),
  )
}

const PROVIDER = 'deployment=provider-v1'
const CONSUMER = 'deployment=consumer-v1'

/** Panels of the services: their requests and calls. */
function ofTraffic(): Record<string, Expected> {
  // Between 5 % and half of the requests are delayed: the upper percentiles are among them, the median is not.
  const latency = (share: number): Expected => ({
    values: {
      [PROVIDER]: share === 0.5 ? PROMPT : DELAYED_BUCKET,
      [CONSUMER]: share === 0.5 ? PROMPT : DELAYED_BUCKET,
    },
  })
  return {
    'Requests by status: {{deployment}} {{http_response_status_code}}': rates({
      [`${PROVIDER} http_response_status_code=200`]: plain + delayed,
      [`${PROVIDER} http_response_status_code=503`]: providerFails,
      [`${CONSUMER} http_response_status_code=200`]: plain + delayed,
      [`${CONSUMER} http_response_status_code=503`]: providerFails,
      [`${CONSUMER} http_response_status_code=500`]: consumerFails,
      [`${CONSUMER} http_response_status_code=400`]: invalid,
    }),
    'Errors by origin: {{deployment}} {{origin}} {{error_type}}': rates({
      [`${PROVIDER} error_type=FAULT_INJECTED origin=provider`]: providerFails,
      [`${CONSUMER} error_type=FAULT_INJECTED origin=consumer`]: consumerFails,
      [`${CONSUMER} error_type=UPSTREAM_STATUS origin=provider`]: providerFails,
      [`${CONSUMER} error_type=INVALID_FAULT origin=consumer`]: invalid,
    }),
    "Consumer's calls to the provider: {{deployment}} {{origin}}": rates({
      [CONSUMER]: plain + delayed,
      [`${CONSUMER} origin=provider`]: providerFails,
    }),
    'Latency: {{deployment}} p50': latency(0.5),
    'Latency: {{deployment}} p95': latency(0.95),
    'Latency: {{deployment}} p99': latency(0.99),
  }
}

/** Panels of the services: how busy they are, and their faults. */
function ofLoad(shed: number): Record<string, Expected> {
  return {
    'In flight: {{deployment}}': { values: { [PROVIDER]: held, [CONSUMER]: held } },
    'Shed: {{deployment}} {{reason}}': {
      ...rates({ 'deployment=provider-busy reason=eventLoopDelay': shed }),
      namespace: 'busy',
    },
    // Both run in the test's own process: a lag exists, but is far below the delays of the requests.
    'Event loop lag: {{deployment}}': {
      values: { [PROVIDER]: [1e-9, DELAY_MS / 1000], [CONSUMER]: [1e-9, DELAY_MS / 1000] },
    },
    'Faults armed: {{deployment}}: {{kind}} at {{at}}, by {{place}}': {
      values: {
        [`at=consumer ${CONSUMER} kind=delay place=admin`]: 2,
        [`at=provider/v1 ${PROVIDER} kind=truncate place=variable`]: 1,
      },
    },
    'Faults applied: {{kind}} at {{at}}': rates({
      'at=provider kind=status': providerFails,
      'at=consumer kind=status': consumerFails,
      'at=provider kind=delay': delayed + held,
    }),
  }
}

const TO_PROVIDER = { direction: 'inbound', target_port: '5000' }
const TO_CONSUMER = { direction: 'inbound', target_port: '6000' }

/** Panels of the proxies: success and latency. */
function ofProxiedCalls({ consumer, provider }: Pages): Record<string, Expected> {
  const route = (name: string, route_name: string, where: Record<string, string | RegExp> = {}) =>
    consumer.sum(`outbound_http_route_${name}`, { route_name, ...where })
  const success = (route_name: string) =>
    route('request_statuses_total', route_name, { http_status: /[1-4]../ }) /
    route('request_statuses_total', route_name)
  const mean = (route_name: string) =>
    route('request_duration_seconds_sum', route_name) / route('request_duration_seconds_count', route_name)
  const latency = (share: number): Expected => ({
    values: {
      [PROVIDER]: quantile(share, provider.buckets('response_latency_ms', TO_PROVIDER)),
      [CONSUMER]: quantile(share, consumer.buckets('response_latency_ms', TO_CONSUMER)),
    },
  })
  return {
    'Success rate, inbound: {{deployment}}': {
      values: {
        [PROVIDER]:
          provider.sum('response_total', { ...TO_PROVIDER, status_code: '200' }) /
          provider.sum('response_total', TO_PROVIDER),
        [CONSUMER]: 1,
      },
    },
    'Success rate, outbound by route: {{route_name}}': {
      values: { 'route_name=http': success('http'), 'route_name=provider-retry': success('provider-retry') },
    },
    'Latency, inbound: {{deployment}} p50': latency(0.5),
    'Latency, inbound: {{deployment}} p95': latency(0.95),
    'Latency, inbound: {{deployment}} p99': latency(0.99),
    'Latency, outbound by route: {{route_name}}': {
      values: { 'route_name=http': mean('http'), 'route_name=provider-retry': mean('provider-retry') },
    },
  }
}

/** Panels of the proxies: retries, breaker, policy, identities. */
function ofProtections({ consumer, provider }: Pages): Record<string, Expected> {
  const retries = (name: string) => {
    const made = consumer.sum(`outbound_http_route_retry_${name}_total`, { route_name: 'provider-retry' })
    return rates({ 'route_name=provider-retry': made })
  }
  const denied = (name: string) => rates({ [PROVIDER]: provider.sum(name) })
  const endpoints = (endpoint_state: string) => consumer.sum('outbound_http_balancer_endpoints', { endpoint_state })
  return {
    'Retries: {{route_name}} made': retries('requests'),
    'Retries: {{route_name}} successful': retries('successes'),
    'Retries: {{route_name}} gave up': retries('limit_exceeded'),
    'Retries: {{route_name}} over budget': retries('overflow'),
    'Circuit breaker: {{backend_name}} {{endpoint_state}}, by {{deployment}}': {
      values: {
        'backend_name=provider-svc deployment=consumer-v1 endpoint_state=pending': endpoints('pending'),
        'backend_name=provider-svc deployment=consumer-v1 endpoint_state=ready': endpoints('ready'),
      },
    },
    'Policy denials: {{deployment}} not authorized': denied('inbound_http_authz_deny_total'),
    'Policy denials: {{deployment}} over the rate limit': denied('inbound_http_local_ratelimit_total'),
    'Policy denials: {{deployment}} no route': denied('inbound_http_route_not_found_total'),
    'mTLS share: {{deployment}}': { values: { [PROVIDER]: 1 } },
    'Identities of the callers: {{deployment}} from {{client_id}}': rates({
      'client_id=consumer.byhand.serviceaccount.identity.linkerd.cluster.local deployment=provider-v1': provider.sum(
        'request_total',
        TO_PROVIDER,
      ),
      [CONSUMER]: consumer.sum('request_total', TO_CONSUMER),
    }),
  }
}

function ofDifferences({ consumer, provider }: Pages): Record<string, Expected> {
  const toService = { parent_name: 'provider-svc' }
  const outboundCalls = consumer.sum('outbound_http_route_request_statuses_total', toService)
  const outboundAttempts = consumer.sum('outbound_http_route_backend_requests_total', toService)
  const retries = consumer.sum('outbound_http_route_retry_requests_total', toService)
  const inbound = provider.sum('request_total', TO_PROVIDER)
  const difference = (...terms: number[]): Expected => ({
    values: { '': terms.reduce((total, term) => total + term, 0) },
    slack: terms.reduce((total, term) => total + Math.abs(term), 0),
  })
  return {
    "Calls that the consumer's proxy did not count: consumer − outbound proxy": difference(CALLED, -outboundCalls),
    'Requests lost between the proxies: outbound − inbound proxies': difference(outboundAttempts, -inbound),
    'Requests that the provider did not see: inbound proxy − provider': difference(inbound, -CALLED),
    'Failures that only one side saw: consumer − provider': difference(providerFails, -providerFails),
    'Retries that only one side saw: extra requests − retries': difference(CALLED, -CALLED, -retries),
    'The witnesses of one call: 1 consumer': rates({ '': CALLED }),
    'The witnesses of one call: 2 outbound proxy, calls': rates({ '': outboundCalls }),
    'The witnesses of one call: 3 outbound proxy, attempts': rates({ '': outboundAttempts }),
    'The witnesses of one call: 4 inbound proxy': rates({ '': inbound }),
    'The witnesses of one call: 5 provider': rates({ '': CALLED }),
  }
}

/** A quantile as Prometheus estimates it from cumulative buckets: linear within the bucket. */
function quantile(share: number, buckets: Map<number, number>): number {
  const bounds = [...buckets.keys()].toSorted((a, b) => a - b)
  const rank = share * (buckets.get(Number.POSITIVE_INFINITY) ?? 0)
  const index = bounds.findIndex((bound) => (buckets.get(bound) ?? 0) >= rank)
  const [from, to] = [bounds[index - 1] ?? 0, bounds[index] ?? 0]
  const below = buckets.get(from) ?? 0
  return from + ((to - from) * (rank - below)) / ((buckets.get(to) ?? 0) - below)
}
