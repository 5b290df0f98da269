import { servers } from './servers.ts'
import { policy, server, testRules, together } from './test-rules.ts'

const unsaid = server({ rest: 'proxyProtocol: HTTP/1' })
const letsIn = together(
  policy('MeshTLSAuthentication', 'consumer', 'identityRefs: [{kind: ServiceAccount, name: consumer}]'),
  policy(
    'AuthorizationPolicy',
    'from-consumer',
    'targetRef: {group: policy.linkerd.io, kind: Server, name: provider-http}, requiredAuthenticationRefs: [{group: policy.linkerd.io, kind: MeshTLSAuthentication, name: consumer}]',
  ),
)

testRules(servers, {
  'server-selects': { bad: server({ port: 'https' }), good: server() },
  'declared-port': { bad: server({ port: '5002' }), good: server({ port: '5000' }) },
  'server-lets-in': { bad: unsaid, good: together(unsaid, letsIn) },
  'one-server-a-port': {
    bad: together(server(), server({ name: 'second', port: '5000' })),
    good: together(server(), server({ name: 'second', port: 'admin' })),
  },
  'server-protocol': {
    bad: server({ rest: 'proxyProtocol: HTTP/2, accessPolicy: deny' }),
    good: server({ rest: 'proxyProtocol: HTTP/1, accessPolicy: deny' }),
  },
})
