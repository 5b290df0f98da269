import { hostname } from 'node:os'
import type { Origin, Responder } from '@linkerd-scenario/contract'
import { formatResponder } from '@linkerd-scenario/contract'

/** The service, version and pod of a process. */
export interface Identity extends Responder {
  service: Extract<Origin, 'provider' | 'consumer'>
  /** The value of the x-responder header. */
  responder: string
}

/** The identity of this process; in a cluster the host name is the pod's name. */
export function identify(service: Identity['service'], version: string, pod = hostname()): Identity {
  return { service, version, pod, responder: formatResponder({ service, version, pod }) }
}
