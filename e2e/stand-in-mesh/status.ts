import type { Applied } from './proxy/policies/policies.ts'

const CONTROLLER = 'linkerd.io/policy-controller'

/** Kinds with their own conditions. Servers, authentications and AuthorizationPolicies have no status. */
const WITH_CONDITIONS = ['HTTPLocalRateLimitPolicy', 'EgressNetwork']

const accepted = new WeakMap<Applied, Applied>()

/** An object with the status that Linkerd's policy controller writes once it has accepted it; no status before that. */
export function withStatus(object: Applied, isTaken: boolean, namespace: string): Applied {
  if (!isTaken) return object
  // Written once: a status that was made anew for each reader would be a change of the object each time.
  const done = accepted.get(object) ?? accept(object, namespace)
  accepted.set(object, done)
  return done
}

function accept(object: Applied, namespace: string): Applied {
  const parents = object.spec?.parentRefs
  if (parents !== undefined) {
    const status = parents.map((parentRef) => ({
      conditions: (parentRef.kind === 'Service' ? ['Accepted', 'ResolvedRefs'] : ['Accepted']).map(condition),
      controllerName: CONTROLLER,
      // The controller writes the core group as `core`, also where the route has ''.
      parentRef: { ...parentRef, ...(parentRef.kind === 'Service' ? { group: 'core' } : {}), namespace },
    }))
    return { ...object, ...{ status: { parents: status } } }
  }
  if (!WITH_CONDITIONS.includes(object.kind)) return object
  return { ...object, ...{ status: { conditions: [condition('Accepted')] } } }
}

const condition = (type: string) => ({
  lastTransitionTime: new Date().toISOString(),
  message: '',
  reason: type,
  status: 'True',
  type,
})
