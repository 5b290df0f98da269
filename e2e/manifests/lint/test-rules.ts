import { describe, expect, test } from 'vitest'
import { readObjects } from '../kube-object.ts'
import { lint, type Rule } from './rule.ts'
import { rules as allRules } from './rules.ts'

/** Manifests that break a rule and manifests that follow it, as YAML; both are combined with the surroundings below. */
export interface Example {
  bad: string
  good: string
}

// A correct provider and its caller. An example object with the same name replaces the one here.
const SURROUNDINGS = readObjects(
  [
    service('provider-svc'),
    service('provider-v1-svc', 'selector: {app: provider, version: v1}'),
    service('provider-v2-svc', 'selector: {app: provider, version: v2}'),
    deployment('provider-v1'),
    '{apiVersion: v1, kind: ServiceAccount, metadata: {name: consumer}}',
  ].join('\n---\n'),
)

/** Tests each rule with its example: the bad one breaks it, the good one follows every rule. */
export function testRules(rules: readonly Rule[], examples: Record<string, Example>): void {
  test('every rule has an example', () => {
    expect(Object.keys(examples).toSorted()).toEqual(rules.map(({ id }) => id).toSorted())
  })
  describe.each(rules)('$id', ({ id }) => {
    const example = examples[id] ?? { bad: '', good: '' }
    test('finds the mistake', () => expect(broken(example.bad)).toContain(id))
    test('is content without it', () => expect(broken(example.good)).toEqual([]))
  })
}

function broken(yaml: string): string[] {
  const objects = readObjects(yaml)
  const replaced = (kind: string, name: string) => objects.some((o) => o.kind === kind && o.metadata.name === name)
  const around = SURROUNDINGS.filter(({ kind, metadata }) => !replaced(kind, metadata.name))
  return lint([...around, ...objects], allRules).map(({ rule }) => rule)
}

/** A Service of the provider, as YAML. */
export function service(name: string, spec = 'selector: {app: provider}', metadata = ''): string {
  const port = spec.includes('ports:') ? '' : ', ports: [{name: http, port: 5000, targetPort: http, appProtocol: http}]'
  return `{apiVersion: v1, kind: Service, metadata: {name: ${name}${metadata && `, ${metadata}`}}, spec: {${spec}${port}}}`
}

/** A Deployment of the provider, as YAML; the given parts replace those of a correct one. */
export function deployment(
  name: string,
  {
    metadata = '',
    labels = '',
    annotations = 'linkerd.io/inject: enabled',
    pod = 'serviceAccountName: provider',
    container = '',
  } = {},
): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}${metadata && `, ${metadata}`}}
spec:
  template:
    metadata: {labels: {app: provider, version: v1${labels && `, ${labels}`}}, annotations: {${annotations}}}
    spec:
      ${pod}
      containers: [{name: provider, ports: [{name: http, containerPort: 5000}, {name: admin, containerPort: 5001}]${container && `, ${container}`}}]`
}

/** An HTTPRoute on the provider's Service, as YAML. */
export function route({
  name = 'provider-route',
  metadata = '',
  parent = 'group: core, kind: Service, name: provider-svc, port: 5000',
  spec = '',
  rules = '[{backendRefs: [{name: provider-svc, port: 5000}]}]',
  apiVersion = 'gateway.networking.k8s.io/v1',
} = {}): string {
  return `
apiVersion: ${apiVersion}
kind: HTTPRoute
metadata: {name: ${name}${metadata && `, ${metadata}`}}
spec: {parentRefs: [{${parent}}], rules: ${rules}${spec && `, ${spec}`}}`
}

/** A Server over the provider's port, as YAML. */
export function server({
  name = 'provider-http',
  port = 'http',
  app = 'provider',
  rest = 'proxyProtocol: HTTP/1, accessPolicy: all-unauthenticated',
} = {}): string {
  return `{apiVersion: policy.linkerd.io/v1beta3, kind: Server, metadata: {name: ${name}}, spec: {podSelector: {matchLabels: {app: ${app}}}, port: ${port}, ${rest}}}`
}

/** An object of Linkerd's policy API, as YAML. */
export function policy(kind: string, name: string, spec: string, namespace = ''): string {
  return `{apiVersion: policy.linkerd.io/v1alpha1, kind: ${kind}, metadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}, spec: {${spec}}}`
}

/** Several objects as one stream of YAML. */
export const together = (...yaml: string[]): string => yaml.join('\n---\n')
