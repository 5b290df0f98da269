import { LivenessSchema, ReadinessSchema } from '@linkerd-scenario/contract'
import type { FastifyInstance } from 'fastify'
import { problemResponses } from '../errors/problem-responses.ts'
import type { Readiness } from '../process/readiness.ts'

/** Probes and scrapes come every few seconds; log lines for them would hide the others. */
export const QUIET = { config: { quiet: true } }
/** What a foreign request gets from a route that fails in no other way. */
export const refusals = { '4xx': problemResponses['4xx'] }

const livez = { summary: 'Whether the process is up', response: { 200: LivenessSchema, ...refusals } }
const readyz = {
  summary: 'Whether the process wants traffic',
  response: { 200: ReadinessSchema, 503: ReadinessSchema, ...refusals },
}

/** `GET /livez` and `GET /readyz`, for the kubelet. Neither depends on another service. */
export function addProbeRoutes(app: FastifyInstance, readiness: Readiness): void {
  app.get('/livez', { ...QUIET, schema: livez }, async () => ({ status: 'ok' as const }))
  app.get('/readyz', { ...QUIET, schema: readyz }, async (_request, reply) => {
    const { status } = readiness
    reply.code(status === 'ok' ? 200 : 503)
    return { status }
  })
}
