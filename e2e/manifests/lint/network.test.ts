import { network } from './network.ts'
import { policy, route, testRules, together } from './test-rules.ts'

const egress = (networks: string, namespace = '') =>
  policy('EgressNetwork', 'outside', `trafficPolicy: Deny, networks: [{cidr: ${networks}}]`, namespace)
const to = (parent: string) =>
  route({ parent: `group: policy.linkerd.io, kind: EgressNetwork, name: outside${parent}`, rules: '[{}]' })
const lets = (...ports: number[]) =>
  `{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: provider}, spec: {podSelector: {matchLabels: {app: provider}}, ingress: [{ports: [${ports.map((port) => `{port: ${port}}`)}]}]}}`
const good = together(egress('192.0.2.0/24'), to(', port: 80'))

testRules(network, {
  'egress-parent-port': { bad: together(egress('192.0.2.0/24'), to('')), good },
  'egress-near-callers': { bad: egress('192.0.2.0/24', 'far'), good: egress('192.0.2.0/24', 'linkerd-egress') },
  'egress-outside': { bad: egress('10.1.0.0/16'), good: egress('"2001:db8::/32"') },
  'policy-lets-proxy-in': { bad: lets(5000), good: lets(5000, 4143) },
})
