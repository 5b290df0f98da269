import { HEADER, type Hop } from '@linkerd-scenario/contract'
import type { FastifyRequest } from 'fastify'
import type { Identity } from '../identity.ts'

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

/** The same as JSON text, for answers. What is as it was in the answer before is not written again. */
export function ownHopWriter(identity: Identity): (request: FastifyRequest, wantsHeaders: boolean) => string {
  const { service, version, pod } = identity
  const who = JSON.stringify({ service, version, pod }).slice(0, -1)
  let last: { caller: unknown; attempt: number; text: string } | undefined
  return (request, wantsHeaders) => {
    const caller = request.headers[HEADER.clientId]
    const { exchange } = request
    const { attempt } = exchange
    if (last?.caller !== caller || last?.attempt !== attempt) {
      const known = typeof caller === 'string' ? JSON.stringify(caller) : 'null'
      const text = [who, ',"caller":', known, ',"attempt":', attempt, ',"status":200,"durationMs":'].join('')
      last = { caller, attempt, text }
    }
    const durationMs = Math.round(exchange.elapsedMs() * 1000) / 1000
    const headers = wantsHeaders ? `,"headers":${JSON.stringify(headerPairs(request.raw.rawHeaders))}` : ''
    return `${last.text}${durationMs}${headers}}`
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
