import { expect, test } from 'vitest'
import { sumOf } from '../expectations/observation.ts'
import { increase, isStill, parseMetrics, withoutPorts } from './metrics.ts'

/**
 * As Linkerd's proxy writes it: TYPE lines without the `_total` of their samples, empty labels, commas and colons in
 * values.
 */
const TEXT = `# HELP outbound_http_route_retry_requests Retries.
# TYPE outbound_http_route_retry_requests counter
outbound_http_route_retry_requests_total{parent_name="provider-svc",route_name="a,b:c",hostname=""} 40
# TYPE response_latency_ms histogram
response_latency_ms_bucket{direction="outbound",dst_service="a",le="1"} 3
response_latency_ms_bucket{direction="outbound",dst_service="b",le="1"} 5
response_latency_ms_sum{direction="outbound",dst_service="a"} 44
outbound_http_balancer_endpoints{endpoint_state="pending"} 1
request_total{direction="inbound",target_port="4191"} 9
request_total{direction="inbound",target_port="5001",tls="no_identity"} 7
request_total{direction="inbound",target_port="5000",tls="true"} 2
# EOF
`

test('reads what the proxy writes, each series by itself', () => {
  const samples = parseMetrics(TEXT)
  expect(samples).toHaveLength(8)
  expect(sumOf(samples, 'outbound_http_route_retry_requests_total', { route_name: 'a,b:c' })).toBe(40)
  expect(sumOf(samples, 'response_latency_ms_bucket', { dst_service: 'b' })).toBe(5)
  expect(sumOf(samples, 'response_latency_ms_bucket')).toBe(8)
  expect(sumOf(samples, 'never_seen_total')).toBe(0)
  expect(sumOf(withoutPorts(samples, [4191, 5001]), 'request_total')).toBe(2)
})

test('a counter counts its increase, from 0 if it was absent or reset; a gauge its last value', () => {
  const after = parseMetrics(TEXT)
  const before = [
    {
      name: 'outbound_http_route_retry_requests_total',
      labels: { hostname: '', route_name: 'a,b:c', parent_name: 'provider-svc' },
      value: 30,
    },
    { name: 'response_latency_ms_sum', labels: { direction: 'outbound', dst_service: 'a' }, value: 100 },
    { name: 'outbound_http_balancer_endpoints', labels: { endpoint_state: 'pending' }, value: 1 },
  ]
  const delta = increase(before, after)
  expect(sumOf(delta, 'outbound_http_route_retry_requests_total')).toBe(10)
  expect(sumOf(delta, 'response_latency_ms_sum')).toBe(44)
  expect(sumOf(delta, 'outbound_http_balancer_endpoints')).toBe(1)
})

test('counters stand still when no request was counted between two readings', () => {
  const later = parseMetrics(TEXT.replace('hostname=""} 40', 'hostname=""} 41'))
  expect(isStill(parseMetrics(TEXT), parseMetrics(TEXT))).toBe(true)
  expect(isStill(parseMetrics(TEXT), later)).toBe(false)
})

test('a value may have escapes, a time stamp, an exponent or be infinite; a line that is not a sample is an error', () => {
  expect(parseMetrics(String.raw`a{path="C:\\d\"q\"",text="1\n2"} 1.5e3 1700000000`)).toEqual([
    { name: 'a', labels: { path: String.raw`C:\d"q"`, text: '1\n2' }, value: 1500 },
  ])
  expect(parseMetrics('b{le="+Inf"} +Inf\nc 0\n')).toEqual([
    { name: 'b', labels: { le: '+Inf' }, value: Number.POSITIVE_INFINITY },
    { name: 'c', labels: {}, value: 0 },
  ])
  expect(() => parseMetrics('<html>')).toThrow('no sample: <html>')
})
