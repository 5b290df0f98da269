import { annotationsOf, isMeshed, podAnnotations } from './manifest-set.ts'
import { faults, rule } from './rule.ts'

const INJECT = 'linkerd.io/inject'
const WORDS = ['enabled', 'disabled', 'ingress']
const WAIT = 'config.alpha.linkerd.io/proxy-wait-before-exit-seconds'
const NATIVE = 'config.linkerd.io/proxy-enable-native-sidecar'
const PROXY_UID = 2102

/** What silently keeps a pod, or its traffic, out of the mesh. */
export const injection = [
  rule(
    'inject-on-template',
    'Only the pod template or the Namespace counts; on the workload, or as a label, nothing happens.',
    (set) =>
      faults(set.workloads, (workload) => {
        const { labels = {} } = workload.metadata
        const template = workload.spec.template.metadata?.labels ?? {}
        if (INJECT in labels || INJECT in template) return `${INJECT} is a label`
        return INJECT in annotationsOf(workload) && `${INJECT} is on the ${workload.kind} itself`
      }),
  ),
  rule('inject-value', 'Any other word than enabled, disabled or ingress leaves the pod out.', (set) =>
    faults([...set.workloads, ...set.ofKind('Namespace')], (object) => {
      const template = set.workloads.find((workload) => workload === object)
      const value = (template ? podAnnotations(template) : annotationsOf(object))[INJECT]
      return value !== undefined && !WORDS.includes(value) && `${INJECT} is "${value}"`
    }),
  ),
  rule('no-host-network', 'A pod on the network of its host is not injected.', (set) =>
    faults(
      set.workloads,
      (workload) => isMeshed(workload) && workload.spec.template.spec.hostNetwork && 'is on the host network',
    ),
  ),
  rule('not-the-proxys-user', "Traffic of the proxy's own user id passes by the proxy.", (set) =>
    faults(set.workloads, ({ spec: { template } }) => {
      const users = [template.spec, ...template.spec.containers].map(
        ({ securityContext }) => securityContext?.runAsUser,
      )
      return users.includes(PROXY_UID) && `runs as user ${PROXY_UID}`
    }),
  ),
  rule('own-identity', 'Workloads on the account default share one identity, which no policy can tell apart.', (set) =>
    faults(set.workloads, (workload) => {
      const { serviceAccountName = 'default' } = workload.spec.template.spec
      return isMeshed(workload) && serviceAccountName === 'default' && 'runs under the account default'
    }),
  ),
  rule('proxy-of-the-mesh', 'Beside a proxy of Linkerd, a service that trusts Envoy ends at its start.', (set) =>
    faults(set.workloads, (workload) => {
      const { containers } = workload.spec.template.spec
      const trusts = containers.some(({ env = [] }) =>
        env.some(({ name, value }) => name === 'TRUSTED_PROXY' && value === 'envoy'),
      )
      return isMeshed(workload) && trusts && 'trusts Envoy'
    }),
  ),
  rule('no-wait-before-exit', 'A native sidecar ends after the containers anyway and ignores the wait.', (set) =>
    faults(set.workloads, (workload) => {
      const annotations = podAnnotations(workload)
      return WAIT in annotations && annotations[NATIVE] !== 'false' && `has ${WAIT}`
    }),
  ),
]
