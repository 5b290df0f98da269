import type { IncomingHttpHeaders } from 'node:http'
import { HEADER } from '@linkerd-scenario/contract'
import type { CommonConfig } from '../config/settings.ts'
import { immediateCaller } from './forwarded-client-cert.ts'

/** Replaces the caller's identity in the headers of a request by the one that is believed. */
export type IdentityFilter = (headers: IncomingHttpHeaders) => void

/**
 * What to do with the headers of each request so that `l5d-client-id` holds the identity of the caller, or nothing.
 * Undefined with Linkerd: its proxy did that already, so nothing is left to do.
 */
export function identityFilter(trusted: CommonConfig['TRUSTED_PROXY']): IdentityFilter | undefined {
  switch (trusted) {
    case 'linkerd':
      return undefined
    case 'none':
      return (headers) => void delete headers[HEADER.clientId]
    case 'envoy':
      return believeEnvoy
  }
}

/**
 * Envoy lets `l5d-client-id` pass, and Linkerd lets `x-forwarded-client-cert` pass: each can be forged where the other
 * proxy stands. A request with both has a forged one, and nobody can say which, so neither is believed.
 */
function believeEnvoy(headers: IncomingHttpHeaders): void {
  const { [HEADER.clientId]: ofLinkerd, [HEADER.forwardedClientCert]: ofEnvoy } = headers
  const identity = ofLinkerd === undefined && typeof ofEnvoy === 'string' ? immediateCaller(ofEnvoy) : undefined
  if (identity === undefined) delete headers[HEADER.clientId]
  else headers[HEADER.clientId] = identity
}
