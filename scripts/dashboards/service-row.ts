import { type Panel, quantile, type Row, rate, WORKLOAD } from './panel.ts'

const SERVER = 'http_server_request_duration_seconds'
const CLIENT = 'http_client_request_duration_seconds'

const traffic: Panel[] = [
  {
    title: 'Requests by status',
    description:
      'Answers per second of each service, by status; without a status, the caller left or a fault cut the connection. Worry when 5xx appear, or when the rate falls while the callers still call.',
    unit: 'reqps',
    queries: [
      {
        expr: rate(`${SERVER}_count{${WORKLOAD}}`, 'deployment, http_response_status_code'),
        legend: '{{deployment}} {{http_response_status_code}}',
      },
    ],
  },
  {
    title: 'Errors by origin',
    description:
      'Errors per second by who made them: provider, mesh (a proxy), network or consumer. Worry about any that you did not ask for with a fault; the origin says where to look first.',
    unit: 'reqps',
    queries: [
      {
        expr: rate(`${SERVER}_count{${WORKLOAD},origin!=""}`, 'deployment, origin, error_type'),
        legend: '{{deployment}} {{origin}} {{error_type}}',
      },
    ],
  },
  {
    title: "Consumer's calls to the provider",
    description:
      'Calls per second as the consumer counts them, by the origin of their error (none: the call succeeded). Worry when mesh or network appear: the provider never saw those calls or its answer was lost.',
    unit: 'reqps',
    queries: [
      { expr: rate(`${CLIENT}_count{${WORKLOAD}}`, 'deployment, origin'), legend: '{{deployment}} {{origin}}' },
    ],
  },
  {
    title: 'Latency',
    description:
      'Time to the whole answer as the service measures it: median, 95th and 99th percentile. Worry when the percentiles part from each other, or when the consumer is slower than the provider by more than the way between them.',
    unit: 's',
    queries: [0.5, 0.95, 0.99].map((share) => ({
      expr: quantile(share, `${SERVER}_bucket{${WORKLOAD}}`),
      legend: `{{deployment}} p${share * 100}`,
    })),
  },
]

const load: Panel[] = [
  {
    title: 'In flight',
    description:
      'Requests under way at the moment of the scrape. Worry when it climbs while the rate does not: answers have become slow, and shedding comes next.',
    unit: 'short',
    queries: [{ expr: `sum by (deployment) (http_server_active_requests{${WORKLOAD}})`, legend: '{{deployment}}' }],
  },
  {
    title: 'Shed',
    description:
      'Requests per second that a pod answered with 503 because it was at its limit, by reason. Worry when it stays above zero: the workload needs more pods or less traffic.',
    unit: 'reqps',
    queries: [
      {
        expr: rate(`http_server_requests_shed_total{${WORKLOAD}}`, 'deployment, reason'),
        legend: '{{deployment}} {{reason}}',
      },
    ],
  },
  {
    title: 'Event loop lag',
    description:
      'How late timers fire in the busiest pod of a workload, 99th percentile. Worry above 0.1 s: every request waits that long for its turn, and the process lacks CPU.',
    unit: 's',
    queries: [
      { expr: `max by (deployment) (nodejs_eventloop_lag_p99_seconds{${WORKLOAD}})`, legend: '{{deployment}}' },
    ],
  },
  {
    title: 'Faults armed',
    description:
      'Faults that are set for all requests, by kind, place where they happen, and who set them: the admin port or the variable FAULT. Worry about any that you did not set: it stays until it is removed (DELETE /faults) or the pod ends.',
    unit: 'short',
    queries: [
      {
        expr: `sum by (deployment, kind, at, place) (faults_armed{${WORKLOAD}})`,
        legend: '{{deployment}}: {{kind}} at {{at}}, by {{place}}',
      },
    ],
  },
  {
    title: 'Faults applied',
    description:
      'Faults per second that took effect, by kind and place. Worry when none is armed and you sent none: then somebody sends x-fault headers.',
    unit: 'cps',
    queries: [{ expr: rate(`faults_injected_total{${WORKLOAD}}`, 'kind, at'), legend: '{{kind}} at {{at}}' }],
  },
]

/** What the services report about themselves. */
export const serviceRow: Row = { title: 'What the services say', panels: [...traffic, ...load] }
