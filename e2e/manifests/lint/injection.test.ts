import { injection } from './injection.ts'
import { deployment, testRules } from './test-rules.ts'

const good = deployment('provider-v1')

testRules(injection, {
  'inject-on-template': {
    bad: deployment('provider-v1', { metadata: 'annotations: {linkerd.io/inject: enabled}', annotations: '' }),
    good,
  },
  'inject-value': { bad: deployment('provider-v1', { annotations: 'linkerd.io/inject: "true"' }), good },
  'no-host-network': {
    bad: deployment('provider-v1', { pod: 'serviceAccountName: provider\n      hostNetwork: true' }),
    good,
  },
  'not-the-proxys-user': { bad: deployment('provider-v1', { container: 'securityContext: {runAsUser: 2102}' }), good },
  'own-identity': { bad: deployment('provider-v1', { pod: 'hostNetwork: false' }), good },
  'proxy-of-the-mesh': {
    bad: deployment('provider-v1', { container: 'env: [{name: TRUSTED_PROXY, value: envoy}]' }),
    good: deployment('provider-v1', {
      annotations: '',
      labels: 'sidecar.istio.io/inject: "true"',
      container: 'env: [{name: TRUSTED_PROXY, value: envoy}]',
    }),
  },
  'no-wait-before-exit': {
    bad: deployment('provider-v1', {
      annotations: 'linkerd.io/inject: enabled, config.alpha.linkerd.io/proxy-wait-before-exit-seconds: "5"',
    }),
    good: deployment('provider-v1', {
      annotations:
        'linkerd.io/inject: enabled, config.alpha.linkerd.io/proxy-wait-before-exit-seconds: "5", config.linkerd.io/proxy-enable-native-sidecar: "false"',
    }),
  },
})
