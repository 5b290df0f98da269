import { authorization } from './authorization.ts'
import { policy, server, testRules, together } from './test-rules.ts'

const identities = (list: string) => policy('MeshTLSAuthentication', 'consumer', `identities: [${list}]`)
const anywhere = policy('NetworkAuthentication', 'anywhere', 'networks: [{cidr: 0.0.0.0/0}]')
const requires = (...refs: string[]) =>
  policy(
    'AuthorizationPolicy',
    'provider-policy',
    `targetRef: {group: policy.linkerd.io, kind: Server, name: provider-http}, requiredAuthenticationRefs: [${refs.map((ref) => `{${ref}}`)}]`,
  )
const MESH = 'group: policy.linkerd.io, kind: MeshTLSAuthentication, name: consumer'
const NETWORK = 'group: policy.linkerd.io, kind: NetworkAuthentication, name: anywhere'
const ACCOUNT = 'kind: ServiceAccount, name: consumer'

testRules(authorization, {
  'refs-exist': { bad: together(server(), requires(MESH)), good: together(server(), requires(ACCOUNT)) },
  'full-identity': {
    bad: identities('consumer'),
    good: identities('"*.demo.serviceaccount.identity.linkerd.cluster.local"'),
  },
  'one-authentication': {
    bad: together(server(), identities('"*"'), requires(MESH, ACCOUNT)),
    good: together(server(), identities('"*"'), anywhere, requires(MESH, NETWORK)),
  },
})
