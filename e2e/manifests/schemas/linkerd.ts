import { type TSchema, Type } from 'typebox'
import { Value } from 'typebox/value'
import { inWords, type Validator } from './problem.ts'

// Narrower than the CRDs on purpose: refuses what Linkerd's webhook refuses or silently drops.
const only = { additionalProperties: false }
const Name = Type.String({ pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', maxLength: 253 })
const Labels = Type.Record(Type.String(), Type.String())
const PolicyRef = (kind: string) =>
  Type.Object({ group: Type.Literal('policy.linkerd.io'), kind: Type.Literal(kind), name: Name }, only)
const RouteRef = Type.Object(
  { group: Type.Literal('gateway.networking.k8s.io'), kind: Type.Literal('HTTPRoute'), name: Name },
  only,
)
const AccountRef = Type.Object(
  { kind: Type.Literal('ServiceAccount'), name: Name, namespace: Type.Optional(Name) },
  only,
)
const Rate = Type.Object({ requestsPerSecond: Type.Integer({ minimum: 1 }) }, only)

const specs: Record<string, TSchema> = {
  'policy.linkerd.io/v1beta3 Server': Type.Object(
    {
      podSelector: Type.Object({ matchLabels: Labels }, only),
      port: Type.Union([Name, Type.Integer({ minimum: 1, maximum: 65_535 })]),
      proxyProtocol: Type.Enum(['unknown', 'HTTP/1', 'HTTP/2', 'gRPC', 'opaque', 'TLS']),
      // Must be set explicitly: the default refuses everybody.
      accessPolicy: Type.Enum([
        'deny',
        'audit',
        'all-authenticated',
        'all-unauthenticated',
        'cluster-authenticated',
        'cluster-unauthenticated',
      ]),
    },
    only,
  ),
  'policy.linkerd.io/v1alpha1 MeshTLSAuthentication': Type.Object(
    { identityRefs: Type.Array(AccountRef, { minItems: 1 }) },
    only,
  ),
  'policy.linkerd.io/v1alpha1 AuthorizationPolicy': Type.Object(
    {
      targetRef: Type.Union([PolicyRef('Server'), RouteRef]),
      requiredAuthenticationRefs: Type.Array(PolicyRef('MeshTLSAuthentication'), { minItems: 1 }),
    },
    only,
  ),
  'policy.linkerd.io/v1alpha1 HTTPLocalRateLimitPolicy': Type.Object(
    { targetRef: PolicyRef('Server'), total: Type.Optional(Rate), identity: Type.Optional(Rate) },
    { ...only, minProperties: 2 },
  ),
  'policy.linkerd.io/v1alpha1 EgressNetwork': Type.Object(
    {
      trafficPolicy: Type.Enum(['Allow', 'Deny']),
      networks: Type.Optional(
        Type.Array(Type.Object({ cidr: Type.String(), except: Type.Optional(Type.Array(Type.String())) }, only)),
      ),
    },
    only,
  ),
}

const Metadata = Type.Object(
  { name: Name, namespace: Type.Optional(Name), labels: Type.Optional(Labels), annotations: Type.Optional(Labels) },
  only,
)

/** The Linkerd kinds that the manifests use, in the form in which they use them. */
export const linkerdValidators: Record<string, Validator> = Object.fromEntries(
  Object.entries(specs).map(([type, spec]) => {
    const schema = Type.Object({ apiVersion: Type.String(), kind: Type.String(), metadata: Metadata, spec }, only)
    return [type, (object) => Value.Errors(schema, object).map(inWords)]
  }),
)
