import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { inWords, type Validator } from '../manifests/schemas/problem.ts'

// Flagger's kinds as its CRDs of 1.44 have them, reduced to the fields that the guide uses.
const only = { additionalProperties: false }
const Metadata = Type.Object({ name: Type.String() }, only)
const Duration = Type.String({ pattern: '^[0-9]+(m|s)$' })
const Percent = Type.Integer({ minimum: 0, maximum: 100 })

const Canary = Type.Object(
  {
    targetRef: Type.Object(
      { apiVersion: Type.Literal('apps/v1'), kind: Type.Literal('Deployment'), name: Type.String() },
      only,
    ),
    service: Type.Object(
      {
        name: Type.String(),
        port: Type.Integer(),
        targetPort: Type.String(),
        portName: Type.String(),
        appProtocol: Type.String(),
        gatewayRefs: Type.Array(
          // The defaults are a Gateway's, which the mesh does not look at: group and kind must be written out.
          Type.Object(
            {
              group: Type.Literal('core'),
              kind: Type.Literal('Service'),
              name: Type.String(),
              port: Type.Integer(),
            },
            only,
          ),
          { minItems: 1 },
        ),
      },
      only,
    ),
    revertOnDeletion: Type.Boolean(),
    analysis: Type.Object(
      {
        interval: Duration,
        stepWeight: Percent,
        maxWeight: Percent,
        threshold: Type.Integer({ minimum: 1 }),
        metrics: Type.Array(
          Type.Object(
            {
              name: Type.String(),
              interval: Duration,
              templateRef: Type.Object({ name: Type.String() }, only),
              thresholdRange: Type.Object({ min: Type.Number() }, only),
            },
            only,
          ),
          { minItems: 1 },
        ),
      },
      only,
    ),
  },
  only,
)

const MetricTemplate = Type.Object(
  {
    provider: Type.Object({ type: Type.Literal('prometheus'), address: Type.String() }, only),
    query: Type.String({ minLength: 1 }),
  },
  only,
)

const validatorOf = (spec: typeof Canary | typeof MetricTemplate): Validator => {
  const schema = Type.Object({ apiVersion: Type.String(), kind: Type.String(), metadata: Metadata, spec }, only)
  return (object) => Value.Errors(schema, object).map(inWords)
}

export const flaggerValidators: Record<string, Validator> = {
  'flagger.app/v1beta1 Canary': validatorOf(Canary),
  'flagger.app/v1beta1 MetricTemplate': validatorOf(MetricTemplate),
}
