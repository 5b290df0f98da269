import { PROMISES } from '@linkerd-scenario/contract/promises'
import type { TestNamespace } from '../cluster/test-namespace.ts'
import { allSucceed } from '../expectations/call-expectations.ts'
import { factIs } from '../expectations/fact-expectations.ts'
import type { Fact } from '../expectations/observation.ts'
import { callsOf, proxyCounted } from '../expectations/proxy-expectations.ts'
import type { Feature } from '../feature.ts'
import { callsOut } from './proxy-metrics.ts'

export const injection: Feature = {
  name: 'injection',
  claim: PROMISES.injection.claim.en,
  needs: [],
  workloads: { 'consumer-v1': 1, 'provider-v1': 2, 'consumer-unmeshed': 1 },
  decides: 'cluster',
  on: {
    state: 'with linkerd.io/inject: enabled',
    steps: (namespace) =>
      namespace.observe({ caller: 'consumer-v1' }, async () => ({
        bursts: { calls: await namespace.burst('consumer-v1', { n: 50 }) },
        facts: await proxiesOf(namespace, ['consumer-v1', 'provider-v1']),
      })),
    expect: [
      factIs('withoutProxy', 'none', 'every pod has a ready proxy'),
      factIs('unmeshed', 'none', 'every service finds a proxy beside it', 'services'),
      factIs('silent', 'none', 'every proxy tells its metrics', 'proxies'),
      allSucceed('calls'),
      proxyCounted('caller', callsOut(), callsOf('calls')),
    ],
  },
  control: {
    state: 'with linkerd.io/inject: disabled',
    steps: (namespace) =>
      namespace.observe({}, async () => ({
        bursts: { calls: await namespace.burst('consumer-unmeshed', { n: 50 }) },
        facts: await proxiesOf(namespace, ['consumer-unmeshed']),
      })),
    expect: [
      factIs('withoutProxy', 'consumer-unmeshed', 'the pod has no proxy'),
      factIs('unmeshed', 'consumer-unmeshed', 'the service finds no proxy beside it', 'services'),
      allSucceed('calls'),
    ],
  },
  hints: [
    'The injector was down when the pods started, and they start without it: `kubectl -n CONTROL_PLANE get pods -l linkerd.io/control-plane-component=proxy-injector`, then restart the deployments.',
    'The annotation is not on the pod template, or the namespace forbids admission webhooks: `kubectl get events -n NAMESPACE --field-selector reason=InjectionSkipped`.',
    'A proxy is there but traffic passes by it: a skipped port, or the user id 2102: `kubectl get pods -n NAMESPACE -o yaml | grep -E "skip-|runAsUser"`.',
  ],
}

/** Names the workloads with a pod that lacks a proxy, according to the cluster, the service, and the proxy itself. */
async function proxiesOf(namespace: TestNamespace, workloads: readonly string[]): Promise<Record<string, Fact>> {
  const [withoutProxy, unmeshed, silent] = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (const workload of workloads) {
    for (const { name, proxy } of await namespace.pods(workload)) {
      if (proxy?.ready !== true) withoutProxy.add(workload)
      if (!(await namespace.info(name)).mesh.meshed) unmeshed.add(workload)
      if (proxy !== undefined && ((await namespace.counters(name))?.length ?? 0) === 0) silent.add(workload)
    }
  }
  const names = (of: ReadonlySet<string>) => (of.size === 0 ? 'none' : [...of].join(', '))
  return { withoutProxy: names(withoutProxy), unmeshed: names(unmeshed), silent: names(silent) }
}
