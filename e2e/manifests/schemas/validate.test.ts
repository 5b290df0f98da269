import { expect, test } from 'vitest'
import { readObjects } from '../kube-object.ts'
import { strict } from './crds.ts'
import { validate } from './validate.ts'

const problems = (yaml: string) => validate(readObjects(yaml)).join('\n')

test.each([
  [
    'a field that Kubernetes does not know, deep down',
    'apps/v1',
    'Deployment',
    '{selector: {}, template: {spec: {containers: [{name: a, imagePullPolice: Never}]}}}',
    '/spec/template/spec/containers/0/imagePullPolice: unknown field',
  ],
  [
    'a value of the wrong type',
    'v1',
    'Service',
    '{ports: [{port: http}]}',
    '/spec/ports/0/port: type {"type":"integer"}',
  ],
  ['a required field that is missing', 'apps/v1', 'Deployment', '{template: {}}', 'selector'],
  [
    'a field that Gateway API does not know',
    'gateway.networking.k8s.io/v1',
    'HTTPRoute',
    '{rules: [{timeout: 1s}]}',
    '/spec/rules/0/timeout: unknown field',
  ],
  [
    'a value that Gateway API refuses',
    'gateway.networking.k8s.io/v1',
    'HTTPRoute',
    '{rules: [{timeouts: {request: soon}}]}',
    'pattern',
  ],
  [
    'a field that Linkerd does not know',
    'policy.linkerd.io/v1beta3',
    'Server',
    '{podSelector: {matchLabels: {}}, port: http, proxyProtocol: HTTP/1, accessPolicy: deny, policy: x}',
    '/spec',
  ],
  [
    'a word that Linkerd does not know',
    'policy.linkerd.io/v1beta3',
    'Server',
    '{podSelector: {matchLabels: {}}, port: http, proxyProtocol: http, accessPolicy: deny}',
    '/spec/proxyProtocol',
  ],
  [
    'a field that Istio does not know, deep down',
    'security.istio.io/v1',
    'AuthorizationPolicy',
    '{rules: [{from: [{source: {serviceAccount: [consumer]}}]}]}',
    '/spec/rules/0/from/0/source/serviceAccount: unknown field',
  ],
  ['a word that Istio does not know', 'security.istio.io/v1', 'PeerAuthentication', '{mtls: {mode: strict}}', 'enum'],
  [
    'a field that the breaker of Istio does not know',
    'networking.istio.io/v1',
    'DestinationRule',
    '{host: a, trafficPolicy: {outlierDetection: {consecutiveErrors5xx: 5}}}',
    '/spec/trafficPolicy/outlierDetection/consecutiveErrors5xx: unknown field',
  ],
  [
    'a field that the routes of Istio do not know',
    'networking.istio.io/v1',
    'VirtualService',
    '{hosts: [a], http: [{retries: {attempts: 2, on: 5xx}, route: [{destination: {host: a}}]}]}',
    '/spec/http/0/retries/on: unknown field',
  ],
  [
    'a field that a Gateway does not have',
    'gateway.networking.k8s.io/v1',
    'Gateway',
    '{gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE, allowed: Same}]}',
    '/spec/listeners/0/allowed: unknown field',
  ],
  ['a kind without a schema', 'v1', 'Pod', '{}', 'no schema for v1 Pod'],
])('refuses %s', (_, apiVersion, kind, spec, problem) => {
  expect(problems(`{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: a}, spec: ${spec}}`)).toContain(problem)
})

test('takes a valid object', () => {
  const service =
    '{apiVersion: v1, kind: Service, metadata: {name: a, labels: {a: b}}, spec: {ports: [{port: 80, targetPort: http}]}}'
  expect(problems(service)).toBe('')
})

test('closes objects with named fields, and no others', () => {
  const named = { type: 'object', properties: { a: { type: 'string' } } }
  const map = { type: 'object', additionalProperties: { type: 'string' } }
  const free = { type: 'object', properties: {}, 'x-kubernetes-preserve-unknown-fields': true }
  expect(strict({ anyOf: [named, map, free] })).toEqual({
    anyOf: [{ ...named, additionalProperties: false }, map, free],
  })
})
