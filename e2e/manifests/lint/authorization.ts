import type { ManifestSet } from './manifest-set.ts'
import type { AuthorizationPolicy, MeshTlsAuthentication, ObjectRef } from './model.ts'
import { faults, rule } from './rule.ts'

/** Who is allowed in. Every mistake here ends in a refusal. */
export const authorization = [
  rule('refs-exist', 'A policy that refers to what is missing is ignored, and nobody is let in.', (set) =>
    faults([...policies(set), ...authentications(set)], (object) => {
      const lost = refsOf(object).find(({ kind, name }) => kind !== 'Namespace' && !set.find(kind, name, object))
      return lost && `there is no ${lost.kind} ${lost.name}`
    }),
  ),
  rule(
    'full-identity',
    'An identity is a whole name in the mesh; the name of an account alone matches no caller.',
    (set) =>
      faults(authentications(set), ({ spec: { identities = [] } }) => {
        const bare = identities.find((identity) => !/\.serviceaccount\.identity\.|^\*|^spiffe:\/\//.test(identity))
        return bare && `${bare} is not an identity`
      }),
  ),
  rule(
    'one-authentication',
    'Several required authentications must all hold; for one or another it takes two policies.',
    (set) =>
      faults(policies(set), ({ spec: { requiredAuthenticationRefs: refs } }) => {
        // With a network it is intended: this identity, from that network.
        const identities = refs.filter(({ kind }) => kind !== 'NetworkAuthentication')
        return identities.length > 1 && `requires ${identities.map(({ name }) => name).join(' and ')} at once`
      }),
  ),
]

const policies = (set: ManifestSet) => set.authorizations
const authentications = (set: ManifestSet) => set.ofKind<MeshTlsAuthentication>('MeshTLSAuthentication')

function refsOf(object: AuthorizationPolicy | MeshTlsAuthentication): ObjectRef[] {
  if ('targetRef' in object.spec) return [object.spec.targetRef, ...object.spec.requiredAuthenticationRefs]
  const refs = object.spec.identityRefs ?? []
  // Accounts of other namespaces are not in these manifests.
  return refs.flatMap(({ kind, name, namespace }) => (name === undefined || namespace ? [] : [{ kind, name }]))
}
