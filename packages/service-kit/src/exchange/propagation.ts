import type { IncomingHttpHeaders } from 'node:http'
import { HEADER, PROPAGATED_HEADERS, PROPAGATED_PREFIX } from '@linkerd-scenario/contract'

/** Headers that are never passed on: they belong to one connection or one caller, or carry credentials. */
const NEVER_PROPAGATED = new Set([
  // RFC 9110 §7.6.1
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'authorization',
  'cookie',
  'content-length',
  'content-type',
  'content-encoding',
  'expect',
  HEADER.clientId,
  HEADER.forwardedClientCert,
])

const HEADER_NAME = /^[!#$%&'*+.^_`|~\w-]+$/

/** Why a name cannot be in PROPAGATE_HEADERS; undefined if it can. */
export function propagationObjection(name: string): string | undefined {
  if (!HEADER_NAME.test(name)) return `${JSON.stringify(name)} is not a header name`
  return NEVER_PROPAGATED.has(name.toLowerCase()) ? `${name} is never propagated` : undefined
}

/**
 * Returns the request headers that are passed on to the upstream, the fixed list and `more`: names and values
 * alternate, as undici expects. The request id is not included, because this service may have made a new one.
 */
export function propagator(more: readonly string[]): (headers: IncomingHttpHeaders) => string[] {
  const allowed = new Set([...PROPAGATED_HEADERS, ...more.map((name) => name.toLowerCase())])
  for (const name of [...NEVER_PROPAGATED, HEADER.requestId]) allowed.delete(name)
  return (headers) => {
    const named = namedByConnection(headers.connection)
    const propagated: string[] = []
    for (const name in headers) {
      const value = headers[name]
      if (typeof value !== 'string') continue
      if (!allowed.has(name) && !name.startsWith(PROPAGATED_PREFIX)) continue
      if (named?.has(name)) continue
      propagated.push(name, value)
    }
    return propagated
  }
}

// The Connection header may name more headers that end at this hop.
function namedByConnection(connection: string | undefined): Set<string> | undefined {
  if (connection === undefined || connection === 'keep-alive' || connection === 'close') return undefined
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()))
}
