import type { ProblemError } from '@linkerd-scenario/service-kit'
import { consumerErrors } from '../errors.ts'

const UNREACHABLE: Record<string, string> = {
  ECONNREFUSED: 'Nothing listens at the address of the provider',
  ENOTFOUND: "The provider's name does not resolve",
  EAI_AGAIN: "The provider's name could not be resolved",
  EHOSTUNREACH: 'No route leads to the provider',
  ENETUNREACH: 'No route leads to the provider',
  ETIMEDOUT: 'The connection to the provider was not established in time',
  EADDRNOTAVAIL: 'The address of the provider cannot be called from here',
  UND_ERR_CONNECT_TIMEOUT: 'The connection to the provider was not established in time',
}

/** The problem of a call without a whole HTTP answer, by the code of undici's error: https://undici.nodejs.org/#/docs/api/Errors */
export function networkProblem(error: Error): ProblemError {
  const code = codeOf(error)
  const unreachable = UNREACHABLE[code]
  if (unreachable !== undefined) {
    return consumerErrors.UPSTREAM_UNREACHABLE({ detail: `${unreachable} (${code})`, origin: 'network', cause: error })
  }
  const what = code.startsWith('HPE_')
    ? 'The answer is not HTTP'
    : 'The connection ended before the answer was complete'
  return consumerErrors.UPSTREAM_BROKEN({ detail: `${what} (${code || error.name})`, origin: 'network', cause: error })
}

// A name with several addresses fails with an AggregateError, after all were tried. The first error is reported.
function codeOf(error: Error & { code?: string; errors?: unknown }): string {
  if (error.code !== undefined) return error.code
  const [first] = Array.isArray(error.errors) ? (error.errors as (Error & { code?: string })[]) : []
  return first?.code ?? ''
}
