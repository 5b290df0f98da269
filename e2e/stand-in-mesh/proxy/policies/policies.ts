import type { KubeObject } from '../../../manifests/kube-object.ts'
import type { Behaviour } from '../../behaviour.ts'

export interface Match {
  method?: string
  path?: { type?: string; value?: string }
  headers?: { name: string; value: string }[]
}

export interface Rule {
  matches?: Match[]
  backendRefs?: { name: string; weight?: number }[]
  timeouts?: { request?: string }
}

interface Ref {
  kind: string
  name: string
}

/** The fields of all kinds that the stand-in reads; each kind has some of them. */
export interface Spec {
  parentRefs?: Ref[]
  rules?: Rule[]
  selector?: Record<string, string>
  podSelector?: { matchLabels?: Record<string, string> }
  port?: string | number
  accessPolicy?: string
  targetRef?: Ref
  requiredAuthenticationRefs?: Ref[]
  identityRefs?: { name: string }[]
  identity?: { requestsPerSecond: number }
  trafficPolicy?: string
}

/** An object as it was applied. */
export interface Applied extends KubeObject {
  spec?: Spec
}

/** The policies in effect: the applied objects, and how far this mesh follows them. */
export class Policies {
  readonly behaviour: Behaviour
  readonly #objects: () => readonly Applied[]
  #requests = 0

  constructor(objects: () => readonly Applied[], behaviour: Behaviour) {
    this.#objects = objects
    this.behaviour = behaviour
  }

  /** Whether this request meets a proxy without policies. */
  flaps(): boolean {
    this.#requests += 1
    return this.behaviour.flaps > 0 && this.#requests % this.behaviour.flaps === 0
  }

  ofKind(kind: string): Applied[] {
    return this.#objects().filter((object) => object.kind === kind)
  }

  /** The annotations of a Service. */
  annotations(service: string): Record<string, string> {
    return this.ofKind('Service').find(({ metadata }) => metadata.name === service)?.metadata.annotations ?? {}
  }
}

/** `500ms`, `10s` and `1m` in milliseconds. */
export function milliseconds(text: string): number {
  const [, number = '0', unit = 'ms'] = /^(\d+)(ms|s|m)$/.exec(text) ?? []
  return Number(number) * { ms: 1, s: 1000, m: 60_000 }[unit as 'ms' | 's' | 'm']
}
