/**
 * Names of the headers that travel between the services and the proxies, in the lower case of Node and HTTP/2.
 * The `l5d-` ones are Linkerd's: https://linkerd.io/2/reference/proxy-metrics/ and the proxy's own source.
 */
export const HEADER = {
  requestId: 'x-request-id',
  responder: 'x-responder',
  fault: 'x-fault',
  route: 'x-route',
  clientId: 'l5d-client-id',
  proxyError: 'l5d-proxy-error',
  /** Envoy's: who called whom with which certificate, an element for each hop. */
  forwardedClientCert: 'x-forwarded-client-cert',
} as const

/** Headers that the consumer always passes on to the provider; `x-b3-` is a prefix. */
export const PROPAGATED_HEADERS: readonly string[] = [
  'traceparent',
  'tracestate',
  'baggage',
  'b3',
  HEADER.requestId,
  HEADER.fault,
  HEADER.route,
]

export const PROPAGATED_PREFIX = 'x-b3-'
