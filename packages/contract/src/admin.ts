import { type Static, Type } from 'typebox'

export const LivenessSchema = Type.Object({ status: Type.Literal('ok') })

export const ReadinessSchema = Type.Object({
  status: Type.Union([
    Type.Literal('ok'),
    Type.Literal('starting'),
    Type.Literal('draining'),
    Type.Literal('switched-off'),
  ]),
})
export type ReadinessStatus = Static<typeof ReadinessSchema>['status']

export const MeshedSchema = Type.Object({
  meshed: Type.Boolean({ description: 'Whether a Linkerd proxy answers on 127.0.0.1:4191' }),
  since: Type.Union([Type.String({ format: 'date-time' }), Type.Null()], {
    description: 'When this process first saw the proxy',
  }),
})
export type Meshed = Static<typeof MeshedSchema>

/** Answer of `GET /info` on the admin port. */
export const InfoSchema = Type.Object(
  {
    service: Type.String(),
    version: Type.String(),
    pod: Type.String(),
    startedAt: Type.String({ format: 'date-time' }),
    node: Type.String(),
    mesh: MeshedSchema,
    config: Type.Record(Type.String(), Type.Unknown(), { description: 'The configuration in force' }),
  },
  { title: 'Info' },
)
export type Info = Static<typeof InfoSchema>
