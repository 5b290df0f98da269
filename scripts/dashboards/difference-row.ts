import { NAMESPACE, type Panel, type Row } from './panel.ts'

const PROVIDER = `${NAMESPACE},deployment=~"provider.*"`
const CALLED = `${NAMESPACE},parent_name=~"$service"`

/** What each witness of a call counts, in the order of the path. */
const CONSUMER = `http_client_request_duration_seconds_count{${NAMESPACE}}`
const OUTBOUND_CALLS = `outbound_http_route_request_statuses_total{${CALLED}}`
const OUTBOUND_ATTEMPTS = `outbound_http_route_backend_requests_total{${CALLED}}`
const RETRIES = `outbound_http_route_retry_requests_total{${CALLED}}`
const INBOUND = `request_total{${PROVIDER},direction="inbound",target_port="5000"}`
const SERVED = `http_server_request_duration_seconds_count{${PROVIDER}}`

/** Increase of a counter in the time range; 0 if a witness is absent, as proxies are outside the mesh. */
const grown = (counter: string) => `(sum(increase(${counter}[$__range])) or vector(0))`
const failed = (counter: string) => grown(counter.replace('}', ',http_response_status_code=~"5.."}'))

const figures: Panel[] = [
  {
    title: "Calls that the consumer's proxy did not count",
    description:
      'Calls that the consumer made, less those that its outbound proxy counted. About 0 is right. Above: calls went past the mesh (pod not injected, port skipped). Below: another container calls the same Service.',
    unit: 'short',
    isFigure: true,
    queries: [{ expr: `${grown(CONSUMER)} - ${grown(OUTBOUND_CALLS)}`, legend: 'consumer − outbound proxy' }],
  },
  {
    title: 'Requests lost between the proxies',
    description:
      "Requests that the callers' proxies sent, retries included, less those that the provider's proxies received. About 0 is right. Above: lost on the network, or a pod is not scraped. Below: somebody else calls the provider.",
    unit: 'short',
    isFigure: true,
    queries: [{ expr: `${grown(OUTBOUND_ATTEMPTS)} - ${grown(INBOUND)}`, legend: 'outbound − inbound proxies' }],
  },
  {
    title: 'Requests that the provider did not see',
    description:
      "Requests that the provider's proxies received, less those that the provider answered. About 0 is right. Above: refused by policy or rate limit. Below: requests reached the provider past its proxy (port-forward, unmeshed).",
    unit: 'short',
    isFigure: true,
    queries: [{ expr: `${grown(INBOUND)} - ${grown(SERVED)}`, legend: 'inbound proxy − provider' }],
  },
  {
    title: 'Failures that only one side saw',
    description:
      '5xx that the consumer received, less 5xx that the provider sent. Above 0: failures were made on the way, by a proxy. Below: the mesh hid failures of the provider, as retries do. 0 with failures on both sides: nothing was hidden.',
    unit: 'short',
    isFigure: true,
    queries: [{ expr: `${failed(CONSUMER)} - ${failed(SERVED)}`, legend: 'consumer − provider' }],
  },
  {
    title: 'Retries that only one side saw',
    description:
      'Requests that the provider answered beyond the calls of the consumer, less the retries that the proxies counted. About 0 is right: each extra request is a retry. Otherwise somebody else calls the provider, or retries were lost.',
    unit: 'short',
    isFigure: true,
    queries: [
      {
        expr: `${grown(SERVED)} - ${grown(CONSUMER)} - ${grown(RETRIES)}`,
        legend: 'extra requests − retries',
      },
    ],
  },
]

const perSecond = (counter: string) => `sum(rate(${counter}[$__rate_interval]))`

const overTime: Panel = {
  title: 'The witnesses of one call',
  description:
    'Requests per second as each witness on the way counts them. The lines lie on each other when all is well; retries lift the last three above the first two. Worry where a line leaves its neighbour: the call was lost between those two.',
  unit: 'reqps',
  queries: [
    { expr: perSecond(CONSUMER), legend: '1 consumer' },
    { expr: perSecond(OUTBOUND_CALLS), legend: '2 outbound proxy, calls' },
    { expr: perSecond(OUTBOUND_ATTEMPTS), legend: '3 outbound proxy, attempts' },
    { expr: perSecond(INBOUND), legend: '4 inbound proxy' },
    { expr: perSecond(SERVED), legend: '5 provider' },
  ],
}

/** Differences between services and proxies. */
export const differenceRow: Row = { title: 'Where services and proxies differ', panels: [...figures, overTime] }
