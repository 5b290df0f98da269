import { type Static, Type } from 'typebox'

const Nullable = <Schema extends Parameters<typeof Type.Optional>[0]>(schema: Schema) =>
  Type.Union([schema, Type.Null()])

const FindingSchema = Type.Object({
  name: Type.String({ description: 'The expectation as in the feature file' }),
  says: Type.String({ description: 'What was expected' }),
  witness: Type.Enum(['services', 'proxies', 'cluster']),
  holds: Nullable(Type.Boolean()),
  seen: Type.String(),
})

const PhaseSchema = Type.Object({
  state: Type.String(),
  settled: Nullable(Type.Object({ converged: Type.Boolean(), waitedMs: Type.Number(), observations: Type.Integer() })),
  findings: Type.Array(FindingSchema),
  durationMs: Type.Number(),
})

const FeatureSchema = Type.Object({
  feature: Type.String(),
  claim: Type.String(),
  verdict: Type.Enum(['proved', 'failed', 'not-proved', 'skipped', 'error']),
  reason: Type.String(),
  witnessesDisagree: Type.Boolean(),
  on: Nullable(PhaseSchema),
  control: Nullable(PhaseSchema),
  hints: Type.Array(Type.String()),
  durationMs: Type.Number(),
  commands: Type.Array(Type.String()),
  evidence: Type.Optional(Type.String()),
})

/** The report as others' programs read it. A change that breaks them raises `version`. */
export const JsonReportSchema = Type.Object(
  {
    version: Type.Literal(1),
    startedAt: Type.String({ format: 'date-time' }),
    durationMs: Type.Number(),
    ending: Type.Enum(['finished', 'could-not-run', 'interrupted']),
    reason: Type.String({ description: 'Why the run could not begin or go on; else empty' }),
    exitCode: Type.Integer(),
    cluster: Nullable(
      Type.Object({
        context: Type.String(),
        server: Type.String(),
        kubernetes: Type.String(),
        linkerd: Type.String(),
        gatewayApi: Type.String(),
      }),
    ),
    namespace: Type.String(),
    seed: Type.Integer(),
    features: Type.Array(FeatureSchema),
  },
  { title: 'ProveReport', description: 'What a run of the prover found' },
)
export type JsonReport = Static<typeof JsonReportSchema>
