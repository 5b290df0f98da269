import type { RawAnswer } from '@linkerd-scenario/test-kit/raw-http'

/** All headers that the services ever send: any other header came from a caller. */
const OWN_HEADERS = new Set([
  'accept-encoding',
  'allow',
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'retry-after',
  'vary',
  'x-request-id',
  'x-responder',
])
const STATUSES = new Set([200, 400, 403, 404, 405, 408, 413, 415, 417, 422, 431])

/** What is wrong with an answer to a hostile request; undefined if nothing is. */
export function insanity({ status, headers, body }: RawAnswer): string | undefined {
  if (status === 100) return undefined
  const isShed = status === 503 && headers['retry-after'] !== undefined
  if (!STATUSES.has(status) && !isShed) return `status ${status}: ${body}`
  const foreign = Object.keys(headers).find((name) => !OWN_HEADERS.has(name))
  if (foreign !== undefined) return `the header ${foreign}: ${headers[foreign]}`
  if (!/^(provider|consumer)\/v1\/[\w.-]+$/.test(headers['x-responder'] ?? '')) return 'no x-responder'
  if (!/^[\w.:+/=@-]{1,128}$/.test(headers['x-request-id'] ?? '')) return 'no sane x-request-id'
  const type = headers['content-type'] ?? ''
  if (status >= 400 && type !== 'application/problem+json') return `status ${status} as ${type}`
  if (/json/.test(type) && body !== '' && !isJson(body)) return `no JSON: ${body}`
  return undefined
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
