import { type Static, Type } from 'typebox'

// Not a Tuple, whose JSON Schema is of an older draft than that of OpenAPI 3.1.
const NameAndValue = Type.Unsafe<[string, string]>(Type.Array(Type.String(), { minItems: 2, maxItems: 2 }))

/** One service on the path of a request, as the service describes itself. */
export const HopSchema = Type.Object(
  {
    service: Type.String({ description: 'Name of the service', examples: ['provider'] }),
    version: Type.String({ description: 'Version that the pod shows', examples: ['v1'] }),
    pod: Type.String({ description: 'Host name, in a cluster the name of the pod' }),
    caller: Type.Union([Type.String(), Type.Null()], {
      description: 'Identity of the caller as the proxy of the mesh reported it; null without one',
    }),
    attempt: Type.Integer({ minimum: 1, description: 'How often this process has seen this x-request-id' }),
    status: Type.Integer({ description: 'Status that the service answered' }),
    durationMs: Type.Number({ minimum: 0, description: 'Time in the service, milliseconds' }),
    headers: Type.Optional(
      Type.Array(NameAndValue, {
        description: 'With headers=true: the request headers in their order, credentials masked',
      }),
    ),
  },
  { title: 'Hop', description: 'One service on the way' },
)
export type Hop = Static<typeof HopSchema>
