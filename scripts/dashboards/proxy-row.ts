import { type Panel, quantile, type Row, rate, WORKLOAD } from './panel.ts'

// The public ports of the two services: the other ports carry probes and scrapes.
const INBOUND = `${WORKLOAD},direction="inbound",target_port=~"5000|6000"`
const ROUTE = `${WORKLOAD},parent_name=~"$service",route_name=~"$route"`
const OF_SERVICE = `${WORKLOAD},parent_name=~"$service"`

const share = (part: string, whole: string, by: string) => `${rate(part, by)} / ${rate(whole, by)}`

const calls: Panel[] = [
  {
    title: 'Success rate, inbound',
    description:
      'Share of the requests that reached a workload and were answered without 5xx, by its own proxy. Worry below 1: compare with “Errors by origin” above, which must name the same failures.',
    unit: 'percentunit',
    queries: [
      {
        expr: share(`response_total{${INBOUND},classification="success"}`, `response_total{${INBOUND}}`, 'deployment'),
        legend: '{{deployment}}',
      },
    ],
  },
  {
    title: 'Success rate, outbound by route',
    description:
      'Share of the calls to the Service that ended without 5xx after all retries, by route of the mesh. Worry when it is below 1, and compare with the inbound rate: the gap is what retries hid.',
    unit: 'percentunit',
    queries: [
      {
        expr: share(
          `outbound_http_route_request_statuses_total{${ROUTE},http_status=~"[1-4].."}`,
          `outbound_http_route_request_statuses_total{${ROUTE}}`,
          'route_name',
        ),
        legend: '{{route_name}}',
      },
    ],
  },
  {
    title: 'Latency, inbound',
    description:
      'Time to the whole answer as the proxy beside the workload measures it. Worry when it is well above the latency that the service itself reports: the proxy or its pod lacks CPU.',
    unit: 'ms',
    queries: [0.5, 0.95, 0.99].map((part) => ({
      expr: quantile(part, `response_latency_ms_bucket{${INBOUND}}`),
      legend: `{{deployment}} p${part * 100}`,
    })),
  },
  {
    title: 'Latency, outbound by route',
    description:
      "Mean time of a call to the Service, retries included, as the caller's proxy measures it. Worry when it grows while the inbound latency does not: calls wait in the balancer, or are retried.",
    unit: 's',
    queries: [
      {
        expr: share(
          `outbound_http_route_request_duration_seconds_sum{${ROUTE}}`,
          `outbound_http_route_request_duration_seconds_count{${ROUTE}}`,
          'route_name',
        ),
        legend: '{{route_name}}',
      },
    ],
  },
]

const protections: Panel[] = [
  {
    title: 'Retries',
    description:
      'Retries per second by route: made, successful, given up at the limit, and refused because the budget was spent. Worry when “gave up” appears, or when retries are more than a fifth of the calls.',
    unit: 'reqps',
    queries: (
      [
        ['requests', 'made'],
        ['successes', 'successful'],
        ['limit_exceeded', 'gave up'],
        ['overflow', 'over budget'],
      ] as const
    ).map(([name, legend]) => ({
      expr: rate(`outbound_http_route_retry_${name}_total{${ROUTE}}`, 'route_name'),
      legend: `{{route_name}} ${legend}`,
    })),
  },
  {
    title: 'Circuit breaker',
    description:
      "Endpoints of the Service in the caller's balancer: pending ones are taken out by the breaker (or connect for the first time). Worry when pending stays above zero; ready is known to be too high while the breaker is open.",
    unit: 'short',
    queries: [
      {
        expr: `sum by (deployment, backend_name, endpoint_state) (outbound_http_balancer_endpoints{${OF_SERVICE}})`,
        legend: '{{backend_name}} {{endpoint_state}}, by {{deployment}}',
      },
    ],
  },
  {
    title: 'Policy denials',
    description:
      'Requests per second that a proxy refused: not authorized, over a rate limit, or without a route. Worry when a caller that you know appears here; expected while you demonstrate authorization or rate limiting.',
    unit: 'reqps',
    queries: [
      {
        expr: rate(`inbound_http_authz_deny_total{${WORKLOAD}}`, 'deployment'),
        legend: '{{deployment}} not authorized',
      },
      {
        expr: rate(`inbound_http_local_ratelimit_total{${WORKLOAD}}`, 'deployment'),
        legend: '{{deployment}} over the rate limit',
      },
      {
        expr: rate(`inbound_http_route_not_found_total{${WORKLOAD}}`, 'deployment'),
        legend: '{{deployment}} no route',
      },
    ],
  },
  {
    title: 'mTLS share',
    description:
      'Share of the requests to the public ports that came by mutual TLS. The provider must be at 1: less means a caller outside the mesh. The consumer is at 0 behind a port-forward or an ingress without a proxy.',
    unit: 'percentunit',
    queries: [
      {
        expr: share(`request_total{${INBOUND},tls="true"}`, `request_total{${INBOUND}}`, 'deployment'),
        legend: '{{deployment}}',
      },
    ],
  },
  {
    title: 'Identities of the callers',
    description:
      'Requests per second by the identity that the proxy verified; without one, the caller was outside the mesh. Worry about an identity that you do not know.',
    unit: 'reqps',
    queries: [
      { expr: rate(`request_total{${INBOUND}}`, 'deployment, client_id'), legend: '{{deployment}} from {{client_id}}' },
    ],
  },
]

/** What the proxies report about the same calls. */
export const proxyRow: Row = { title: 'What the proxies say', panels: [...calls, ...protections] }
