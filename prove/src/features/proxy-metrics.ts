/** The proxies' metric families and labels that features use; `what` is the text for the report. */
import type { Labels } from '../expectations/observation.ts'

const OF_PROVIDER = { parent_kind: 'Service', parent_name: 'provider-svc' }

export const callsOut = (labels: Labels = {}) => ({
  family: 'request_total',
  labels: { direction: 'outbound', dst_service: 'provider-svc', ...labels },
  what: 'requests to provider-svc',
})

export const callsIn = (labels: Labels = {}) => ({
  family: 'request_total',
  labels: { direction: 'inbound', target_port: '5000', ...labels },
  what: 'requests from the network',
})

export const answersOut = (status: number) => ({
  family: 'response_total',
  labels: { direction: 'outbound', dst_service: 'provider-svc', status_code: String(status) },
  what: `answers with status ${status}`,
})

export const answersIn = (status: number) => ({
  family: 'response_total',
  labels: { direction: 'inbound', target_port: '5000', status_code: String(status) },
  what: `answers with status ${status}`,
})

/** Counts every attempt, by the backend that a route chose. */
export const attempts = (route: string, backend: string) => ({
  family: 'outbound_http_route_backend_requests_total',
  labels: { ...OF_PROVIDER, route_name: route, backend_name: backend },
  what: `attempts at ${backend} by the route ${route}`,
})

export const retriesOf = (route: string) => ({
  family: 'outbound_http_route_retry_requests_total',
  labels: { ...OF_PROVIDER, route_name: route },
  what: `retries by the route ${route}`,
})

export const timedOut = (route: string) => ({
  family: 'outbound_http_route_request_statuses_total',
  labels: { ...OF_PROVIDER, route_name: route, error: 'REQUEST_TIMEOUT' },
  what: `requests ended by the timeout of the route ${route}`,
})

export const answersOfConsumers = (status: number) => ({
  family: 'outbound_http_route_request_statuses_total',
  labels: { parent_name: 'consumer-svc', http_status: String(status) },
  what: `answers with status ${status}`,
})
