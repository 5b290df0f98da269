import { PROMISES } from '@linkerd-scenario/contract/promises'
import { factIs } from '../expectations/fact-expectations.ts'
import { proxyCounted } from '../expectations/proxy-expectations.ts'
import type { Feature, Steps } from '../feature.ts'
import { callPaths } from './calls-in-pod.ts'
import { AUTHORIZATION_POLICY, HTTP_ROUTE, SERVER } from './needs.ts'

const CALLS = 40
const SETTLING_CALLS = 3

/** The provider serves this path and has nothing at the other: without the policy it answers 404 itself. */
const PATHS = ['/', '/other'] as const

const bothPaths =
  (n: number): Steps =>
  (namespace) =>
    namespace.observe({ provider: 'provider-v1' }, async () => {
      const [open = '', closed = ''] = await callPaths(namespace, 'consumer-v1', PATHS, n)
      return { facts: { 'answers at /': open, 'answers at /other': closed } }
    })

const answered = (n: number) =>
  factIs('answers at /', `200 service: ${n}`, `the consumer's ${n} calls of / are answered`, 'services')
const refused = (n: number) =>
  factIs(
    'answers at /other',
    `403 proxy: ${n}`,
    `the consumer's ${n} calls of /other are refused with 403 by the provider's proxy`,
    'services',
  )
const passed = (n: number) =>
  factIs('answers at /other', `404 service: ${n}`, `the provider itself answers ${n} calls of /other`, 'services')

export const perRouteAuthorization: Feature = {
  name: 'per-route-authorization',
  claim: PROMISES['per-route-authorization'].claim.en,
  needs: [SERVER, AUTHORIZATION_POLICY, HTTP_ROUTE],
  workloads: { 'consumer-v1': 1, 'provider-v1': 1 },
  decides: 'services',
  on: {
    state: 'with the policy for one route',
    with: { path: 'features/per-route-authorization' },
    settle: { steps: bothPaths(SETTLING_CALLS), until: [answered(SETTLING_CALLS), refused(SETTLING_CALLS)] },
    steps: bothPaths(CALLS),
    expect: [
      answered(CALLS),
      refused(CALLS),
      proxyCounted(
        'provider',
        {
          family: 'inbound_http_authz_allow_total',
          labels: { route_name: 'provider-message', authz_name: 'provider-message-from-consumer', target_port: '5000' },
          what: 'calls allowed on the route provider-message',
        },
        CALLS,
      ),
      proxyCounted(
        'provider',
        {
          family: 'inbound_http_authz_deny_total',
          labels: { route_name: 'provider-other', target_port: '5000' },
          what: 'calls denied on the route provider-other',
        },
        CALLS,
      ),
    ],
  },
  control: {
    state: 'without the policy',
    settle: { steps: bothPaths(SETTLING_CALLS), until: [answered(SETTLING_CALLS), passed(SETTLING_CALLS)] },
    steps: bothPaths(CALLS),
    expect: [answered(CALLS), passed(CALLS)],
  },
  hints: [
    'A policy for the whole Server opens every route: `kubectl get authorizationpolicies.policy.linkerd.io -n NAMESPACE -o yaml`.',
    'The routes were not accepted by the Server, and then there is only its default route: `kubectl get httproutes.gateway.networking.k8s.io -n NAMESPACE -o yaml`.',
    'See what the proxy has been told: `linkerd diagnostics policy -n NAMESPACE po/POD 5000`, with a pod of `kubectl get pods -n NAMESPACE -l app=provider`.',
  ],
}
