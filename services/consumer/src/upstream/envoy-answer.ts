import type { ProviderAnswer } from './provider-answer.ts'

/**
 * How the answers begin that Envoy makes itself, in place of an upstream:
 * https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/response_code_details
 */
const LOCAL_REPLIES = [
  'upstream connect error or disconnect/reset before headers',
  'no healthy upstream',
  'upstream request timeout',
  'upstream max stream duration reached',
  'stream timeout',
  'RBAC: access denied',
  'local_rate_limited',
  'fault filter abort',
]
const LONGEST_TEXT = 300

/**
 * What Envoy said in an answer that it made itself: its text, such as `no healthy upstream`; undefined if the body is no
 * text of Envoy's. The response flags are in its access log only.
 */
export function envoyText({ body }: ProviderAnswer): string | undefined {
  return LOCAL_REPLIES.some((text) => body.startsWith(text)) ? body.slice(0, LONGEST_TEXT) : undefined
}

/**
 * Whether the answer was made by the sidecar of the caller. It signs every answer with `server: envoy`; to one that came
 * from further on, be it from another proxy, its router adds the time that the upstream took. An answer to half of a
 * request gets no time, so a POST that another proxy refuses early counts as refused here.
 */
export function isOfOwnEnvoy({ headers }: ProviderAnswer): boolean {
  return headers['server'] === 'envoy' && headers['x-envoy-upstream-service-time'] === undefined
}
