import { HEADER, type Hop } from '@linkerd-scenario/contract'
import type { FastifyRequest } from 'fastify'
import type { Identity } from '../service.ts'

const MASKED = new Set(['authorization', 'proxy-authorization', 'cookie', 'set-cookie'])

/** What this service tells of itself in an answer with the given status. */
export function ownHop(identity: Identity, request: FastifyRequest, status: number, wantsHeaders: boolean): Hop {
  const caller = request.headers[HEADER.clientId]
  return {
    service: identity.service,
    version: identity.version,
    pod: identity.pod,
    caller: typeof caller === 'string' ? caller : null,
    attempt: request.exchange.attempt,
    status,
    durationMs: Math.round(request.exchange.elapsedMs() * 1000) / 1000,
    ...(wantsHeaders ? { headers: headerPairs(request.raw.rawHeaders) } : {}),
  }
}

/** The same as JSON text, for answers. What a process never changes is written once. */
export function ownHopWriter(identity: Identity): (request: FastifyRequest, wantsHeaders: boolean) => string {
  const { service, version, pod } = identity
  const start = JSON.stringify({ service, version, pod }).slice(0, -1)
  return (request, wantsHeaders) => {
    const caller = request.headers[HEADER.clientId]
    const { exchange } = request
    const durationMs = Math.round(exchange.elapsedMs() * 1000) / 1000
    return (
      `${start},"caller":${typeof caller === 'string' ? JSON.stringify(caller) : 'null'},"attempt":${exchange.attempt}` +
      `,"status":200,"durationMs":${durationMs}` +
      (wantsHeaders ? `,"headers":${JSON.stringify(headerPairs(request.raw.rawHeaders))}}` : '}')
    )
  }
}

/** Node's flat list of raw headers as pairs, in the order in which they came, credentials masked. */
export function headerPairs(rawHeaders: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? ''
    pairs.push([name, MASKED.has(name.toLowerCase()) ? '***' : (rawHeaders[i + 1] ?? '')])
  }
  return pairs
}
