import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { inWords, type Validator } from './problem.ts'

// Only what we use of the operator's kinds: https://prometheus-operator.dev/docs/api-reference/api/
const only = { additionalProperties: false }
const Labels = Type.Record(Type.String(), Type.String())
const Metadata = Type.Object({ name: Type.String(), labels: Labels }, only)
const Duration = Type.String({ pattern: '^[0-9]+(ms|s|m|h)$' })

const PodMonitorSpec = Type.Object(
  {
    selector: Type.Object({ matchLabels: Labels }, only),
    podMetricsEndpoints: Type.Array(
      Type.Object(
        {
          port: Type.String(),
          path: Type.String(),
          interval: Duration,
          relabelings: Type.Array(
            Type.Object(
              {
                sourceLabels: Type.Array(Type.String()),
                action: Type.Literal('replace'),
                regex: Type.String(),
                targetLabel: Type.String(),
              },
              only,
            ),
          ),
        },
        only,
      ),
      { minItems: 1 },
    ),
  },
  only,
)

const Rule = Type.Object(
  {
    alert: Type.String({ pattern: '^[A-Z][A-Za-z]+$' }),
    expr: Type.String(),
    for: Type.Optional(Duration),
    labels: Labels,
    annotations: Type.Object({ summary: Type.String(), runbook: Type.String() }, only),
  },
  only,
)
const PrometheusRuleSpec = Type.Object(
  { groups: Type.Array(Type.Object({ name: Type.String(), rules: Type.Array(Rule, { minItems: 1 }) }, only)) },
  only,
)

/** The Prometheus operator kinds that the manifests use, in the form in which they use them. */
export const prometheusOperatorValidators: Record<string, Validator> = Object.fromEntries(
  Object.entries({ PodMonitor: PodMonitorSpec, PrometheusRule: PrometheusRuleSpec }).map(([kind, spec]) => {
    const schema = Type.Object(
      { apiVersion: Type.Literal('monitoring.coreos.com/v1'), kind: Type.Literal(kind), metadata: Metadata, spec },
      only,
    )
    return [`monitoring.coreos.com/v1 ${kind}`, (object) => Value.Errors(schema, object).map(inWords)]
  }),
)
