import { serverRoutes } from './server-routes.ts'
import { deployment, route, server, testRules, together } from './test-rules.ts'

const guarded = (parent = '') =>
  together(
    server(),
    route({
      parent: `group: policy.linkerd.io, kind: Server, name: provider-http${parent}`,
      rules: '[{matches: [{method: GET}]}]',
    }),
  )
const probedOn = (port: string) =>
  deployment('provider-v1', { container: `readinessProbe: {httpGet: {path: /readyz, port: ${port}}}` })

testRules(serverRoutes, {
  'bare-server-parent': { bad: guarded(', port: 5000'), good: guarded() },
  'probes-beside-routes': {
    bad: together(guarded(), probedOn('http')),
    good: together(guarded(), probedOn('admin')),
  },
})
