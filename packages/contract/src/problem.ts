import { type Static, Type } from 'typebox'
import { HopSchema } from './hop.ts'

/**
 * Who made an error: a service, a proxy of the mesh (an answer without x-responder, or with l5d-proxy-error),
 * or the network (no HTTP answer at all).
 */
export const OriginSchema = Type.Union([
  Type.Literal('provider'),
  Type.Literal('consumer'),
  Type.Literal('mesh'),
  Type.Literal('network'),
])
export type Origin = Static<typeof OriginSchema>

/** Problem details, RFC 9457. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'URI of the kind of problem; its last part is the code of the error table' }),
    title: Type.String({ description: 'The kind of problem, as text' }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What happened this time, as text' }),
    requestId: Type.String(),
    origin: OriginSchema,
    proxy: Type.Optional(
      Type.Union([Type.Literal('outbound'), Type.Literal('inbound')], {
        description: "With origin mesh: the caller's own proxy (outbound) or another one on the path (inbound)",
      }),
    ),
    proxyError: Type.Optional(
      Type.String({ description: 'What the proxy said: the l5d-proxy-error header, or the text of Envoy' }),
    ),
    hops: Type.Optional(Type.Array(HopSchema)),
  },
  { title: 'Problem', description: 'Problem details, RFC 9457' },
)
export type Problem = Static<typeof ProblemSchema>

export const PROBLEM_CONTENT_TYPE = 'application/problem+json'

/** Content type of every JSON answer. RFC 8259 defines no charset parameter: JSON is UTF-8. */
export const JSON_CONTENT_TYPE = 'application/json'
