import type { Finding } from '../expectations/expectation.ts'
import { type Condition, idOf, type KubeObject, type PolicyObject } from './kubernetes-types.ts'

const CONTROLLER = 'linkerd.io/policy-controller'

/** Kinds whose status says whether the mesh has accepted them. The others have no status: only traffic shows it. */
const WITH_STATUS = new Set(['HTTPRoute', 'HTTPLocalRateLimitPolicy', 'EgressNetwork'])

export function tellsAcceptance({ kind }: Pick<KubeObject, 'kind'>): boolean {
  return WITH_STATUS.has(kind)
}

/**
 * A stored object in the state in which a watch has shown it. Until it has shown it, nothing is known of its status: an
 * object of the same name that was deleted says nothing about it, nor does an older generation.
 */
export function latest(stored: PolicyObject, seen: readonly PolicyObject[]): PolicyObject {
  const { uid, generation = 0 } = stored.metadata
  const found = seen.find(({ metadata }) => metadata.uid === uid && (metadata.generation ?? 0) >= generation)
  if (found !== undefined) return found
  const { status: _, ...unknown } = stored
  return unknown
}

/**
 * Whether the mesh's controller has accepted an object. A route must be accepted for its parent. With a Service as
 * parent its backends must be resolved too: a route to a missing backend is still Accepted.
 */
export function acceptance(object: PolicyObject): Finding {
  const isRoute = object.kind === 'HTTPRoute'
  const needed =
    isRoute && object.spec?.parentRefs?.[0]?.kind === 'Service' ? ['Accepted', 'ResolvedRefs'] : ['Accepted']
  const conditions = isRoute
    ? object.status?.parents?.find(({ controllerName }) => controllerName === CONTROLLER)?.conditions
    : object.status?.conditions
  return {
    name: `accepted(${idOf(object)})`,
    says: `the mesh's controller accepts ${idOf(object)}`,
    witness: 'cluster',
    holds: needed.every((type) =>
      conditions?.some((condition) => condition.type === type && condition.status === 'True'),
    ),
    seen: conditions === undefined ? 'its status says nothing' : conditions.map(words).join(', '),
  }
}

function words({ type, status, reason = '', message = '' }: Condition): string {
  return status === 'True'
    ? type
    : `${type} is ${status}: ${[reason, message].filter((part) => part !== '').join(', ')}`
}
