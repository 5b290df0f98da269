const SPIFFE_ID = /^spiffe:\/\/[a-z0-9._-]+(?:\/[A-Za-z0-9._-]+)+$/
const MAX_LENGTH = 2048

/**
 * The SPIFFE ID of the immediate caller in an `x-forwarded-client-cert` header of Envoy; undefined if there is none.
 *
 * Each proxy appends an element after a comma, so the last element is the one that the nearest proxy wrote. It is looked
 * for from the end: whatever a caller put before it, an open quote for instance, cannot change where it begins.
 * Grammar: https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_conn_man/headers#x-forwarded-client-cert
 */
export function immediateCaller(header: string): string | undefined {
  const last = partsFromEnd(header, ',').next().value ?? ''
  // A certificate may have several URIs, each in a pair of its own; the proxy's order is that of the certificate.
  return [...partsFromEnd(last, ';')].toReversed().map(uriOf).find(isSpiffeId)
}

/** The parts of a text between separators that are outside of quotes, the last one first. */
function* partsFromEnd(text: string, separator: string): Generator<string, undefined, undefined> {
  let end = text.length
  let isQuoted = false
  for (let i = text.length - 1; i >= 0; i -= 1) {
    if (text[i] === '"' && !isEscaped(text, i)) isQuoted = !isQuoted
    else if (text[i] === separator && !isQuoted) {
      yield text.slice(i + 1, end)
      end = i
    }
  }
  yield text.slice(0, end)
}

/** Whether an odd number of backslashes stands before a position. */
function isEscaped(text: string, at: number): boolean {
  let i = at
  while (text[i - 1] === '\\') i -= 1
  return (at - i) % 2 === 1
}

/** The value of a pair whose key is URI; keys are case-insensitive. */
function uriOf(pair: string): string | undefined {
  const equals = pair.indexOf('=')
  if (pair.slice(0, equals).trim().toLowerCase() !== 'uri') return undefined
  const value = pair.slice(equals + 1).trim()
  return value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
}

function isSpiffeId(uri: string | undefined): boolean {
  return uri !== undefined && uri.length <= MAX_LENGTH && SPIFFE_ID.test(uri)
}
