import { PROMISES } from '@linkerd-scenario/contract/promises'
import { allFailWith, allSucceed } from '../expectations/call-expectations.ts'
import { callsOf, proxyCounted } from '../expectations/proxy-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { AUTHORIZATION_POLICY, SERVER } from './needs.ts'

const threeCallers =
  (n: number): Steps =>
  (namespace) =>
    namespace.observe({ provider: 'provider-v1' }, async () => ({
      bursts: {
        consumer: await namespace.burst('consumer-v1', { n }),
        stranger: await namespace.burst('consumer-stranger', { n }),
        unmeshed: await namespace.burst('consumer-unmeshed', { n }),
      },
    }))

// The provider's own proxy refuses: the status comes without a reason from the caller's proxy.
const DENIED = { status: 403, origin: 'mesh', proxy: 'inbound' } as const
const onlyTheConsumer = [allSucceed('consumer'), allFailWith('stranger', DENIED), allFailWith('unmeshed', DENIED)]
const everybody = [allSucceed('consumer'), allSucceed('stranger'), allSucceed('unmeshed')]

export const authorization: Feature = {
  name: 'authorization',
  claim: PROMISES.authorization.claim.en,
  needs: [SERVER, AUTHORIZATION_POLICY],
  workloads: { 'consumer-v1': 1, 'provider-v1': 1, 'consumer-stranger': 1, 'consumer-unmeshed': 1 },
  decides: 'services',
  on: {
    state: 'with the policy',
    with: { path: 'features/authorization' },
    settle: { steps: threeCallers(5), until: onlyTheConsumer },
    steps: threeCallers(40),
    expect: [
      ...onlyTheConsumer,
      proxyCounted(
        'provider',
        {
          family: 'inbound_http_authz_deny_total',
          labels: { srv_name: 'provider-http', target_port: '5000' },
          what: 'denials',
        },
        callsOf('stranger', 'unmeshed'),
      ),
      proxyCounted(
        'provider',
        {
          family: 'inbound_http_authz_allow_total',
          labels: { authz_name: 'provider-from-consumer', target_port: '5000' },
          what: 'calls allowed by the policy',
        },
        callsOf('consumer'),
      ),
    ],
  },
  control: {
    state: 'without the policy',
    settle: { steps: threeCallers(5), until: everybody },
    steps: threeCallers(40),
    expect: everybody,
  },
  hints: [
    'Another Server selects the same port, and the older one applies: `kubectl get servers.policy.linkerd.io -A`.',
    'The default policy of the cluster is not open, so that the control is refused as well: `kubectl -n CONTROL_PLANE get cm linkerd-config -o yaml | grep defaultInboundPolicy`.',
    'See what the proxy has been told: `linkerd diagnostics policy -n NAMESPACE po/POD 5000`, with a pod of `kubectl get pods -n NAMESPACE -l app=provider`.',
  ],
}
