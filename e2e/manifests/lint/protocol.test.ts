import { protocol } from './protocol.ts'
import { deployment, service, testRules } from './test-rules.ts'

const ports = (appProtocol: string) =>
  `selector: {app: provider}, ports: [{name: http, port: 5000, targetPort: http, appProtocol: ${appProtocol}}]`

testRules(protocol, {
  'app-protocol': {
    bad: service('provider-svc', ports('https')),
    good: service('provider-svc', ports('HTTP')),
  },
  'port-in-the-mesh': {
    bad: deployment('provider-v1', {
      annotations: 'linkerd.io/inject: enabled, config.linkerd.io/opaque-ports: "25,4999-5001"',
    }),
    good: deployment('provider-v1', {
      annotations: 'linkerd.io/inject: enabled, config.linkerd.io/skip-outbound-ports: "25,5432"',
    }),
  },
})
