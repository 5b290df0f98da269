import type { Hop, Origin, Problem } from '@linkerd-scenario/contract'
import type { ProblemError } from './define-errors.ts'

/** Prefix of a problem's `type`; the code of the error table follows. */
export const PROBLEM_TYPE_PREFIX = 'urn:linkerd-scenario:problem:'

/**
 * The body of a problem (RFC 9457). `service` is the origin if the error names none; `own` are the hops that come before
 * those of the error.
 */
export function problemBody(error: ProblemError, requestId: string, service: Origin, own: Hop[] = []): Problem {
  const { origin = service, proxy, proxyError } = error.options
  const hops = [...own, ...(error.options.hops ?? [])]
  return {
    type: PROBLEM_TYPE_PREFIX + error.code,
    title: error.title,
    status: error.status,
    detail: error.message,
    requestId,
    origin,
    ...(proxy === undefined ? {} : { proxy }),
    ...(proxyError === undefined ? {} : { proxyError }),
    ...(hops.length === 0 ? {} : { hops }),
  }
}
