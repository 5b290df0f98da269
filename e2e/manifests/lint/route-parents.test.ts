import { routeParents } from './route-parents.ts'
import { route, service, testRules, together } from './test-rules.ts'

testRules(routeParents, {
  'parent-written-out': { bad: route({ parent: 'name: provider-svc, port: 5000' }), good: route() },
  'parent-exists': {
    bad: together(service('provider-svc', 'selector: {app: provider}, clusterIP: None'), route()),
    good: route(),
  },
  'parent-port': {
    bad: route({ parent: 'group: core, kind: Service, name: provider-svc, port: 5001' }),
    good: route({ parent: 'group: "", kind: Service, name: provider-svc' }),
  },
  'no-hostnames': { bad: route({ spec: 'hostnames: [provider-svc]' }), good: route() },
  'route-version': { bad: route({ apiVersion: 'policy.linkerd.io/v1beta3' }), good: route() },
  'one-kind-of-route': {
    bad: together(route(), route({ name: 'grpc' }).replace('HTTPRoute', 'GRPCRoute')),
    good: together(route(), route({ name: 'second' })),
  },
  'route-beside-service': {
    bad: route({ parent: 'group: core, kind: Service, name: provider-svc, namespace: other, port: 5000' }),
    good: route(),
  },
  'no-service-profile': {
    bad: '{apiVersion: linkerd.io/v1alpha2, kind: ServiceProfile, metadata: {name: provider-svc.demo.svc.cluster.local}}',
    good: route(),
  },
  'no-smi-split': {
    bad: '{apiVersion: split.smi-spec.io/v1alpha2, kind: TrafficSplit, metadata: {name: provider}}',
    good: route(),
  },
})
