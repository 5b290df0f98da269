import { type Static, Type } from 'typebox'
import { TrafficSchema } from './traffic.ts'

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
  settled: Nullable(
    Type.Object({
      converged: Type.Boolean(),
      waitedMs: Type.Number(),
      observations: Type.Integer(),
      looks: Type.Optional(
        Type.Array(
          Type.Object({ atMs: Type.Number(), outcomes: Type.Record(Type.String(), Type.Integer({ minimum: 0 })) }),
          { description: 'What became of the calls of each observation, the last 60' },
        ),
      ),
    }),
  ),
  findings: Type.Array(FindingSchema),
  traffic: Type.Optional(Type.Array(TrafficSchema, { description: 'The measured bursts' })),
  durationMs: Type.Number(),
})

/**
 * proved: seen with the feature on, and contradicted with it off. failed: not seen with it on. not-proved: seen with it
 * on, but the control did not show what it must, so the mesh is not shown to be the cause. skipped: the cluster lacks
 * what the feature needs. error: the run itself could not continue, and says nothing about the mesh.
 */
export const VERDICTS = ['proved', 'failed', 'not-proved', 'skipped', 'error'] as const

const REMOVALS = ['gone', 'accepted', 'unconfirmed', 'kept'] as const

const FeatureSchema = Type.Object({
  feature: Type.String(),
  claim: Type.String(),
  verdict: Type.Enum([...VERDICTS]),
  reason: Type.String(),
  witnessesDisagree: Type.Boolean(),
  on: Nullable(PhaseSchema),
  control: Nullable(PhaseSchema),
  hints: Type.Array(Type.String()),
  durationMs: Type.Number(),
  waits: Type.Optional(
    Type.Array(Type.Object({ what: Type.String(), times: Type.Integer(), ms: Type.Number() }), {
      description: 'What the run waited for meanwhile, the longest first; one wait may lie within another',
    }),
  ),
  commands: Type.Array(Type.String(), {
    description: 'To repeat it by hand: with `byHand` for bash, after its set-up; in older reports what the run ran',
  }),
  measuredWith: Type.Optional(
    Type.Array(Type.String(), { description: 'Features that were measured at the same time, with the same traffic' }),
  ),
  evidence: Type.Optional(Type.String({ description: 'Folder with logs, events and metrics' })),
})

/**
 * The report for other programs, and the only source of all other forms. A breaking change raises `version`; properties
 * added later are optional, so that older reports stay readable.
 */
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
    versions: Type.Optional(
      Type.Object(
        {
          prover: Type.String(),
          node: Type.String(),
          images: Type.Array(Type.String(), { description: 'Images of the services, as the pods name them' }),
          kubectl: Type.Optional(Type.String()),
          proxies: Type.Optional(Type.Array(Type.String(), { description: 'Images of the proxies in the pods' })),
          digests: Type.Optional(
            Type.Record(Type.String(), Type.String(), {
              description: 'What the pods ran under the name of an image, as far as their status tells it',
            }),
          ),
        },
        { description: 'What made the report' },
      ),
    ),
    namespace: Type.String({
      description: 'Of the first lane, opened or not; the next ones are called NAMESPACE-2, NAMESPACE-3 …',
    }),
    lanes: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Namespaces in which features were proved at the same time' }),
    ),
    namespaces: Type.Optional(Type.Array(Type.String(), { description: 'Their names' })),
    removal: Type.Optional(
      Type.Enum([...REMOVALS], {
        description:
          'What has become of what the run created: seen to be gone; accepted, so that the cluster goes on by itself; unconfirmed; or kept, as asked for',
      }),
    ),
    seed: Type.Integer(),
    byHand: Type.Optional(
      Type.Object(
        {
          setUp: Type.Array(Type.String(), { description: 'Before the commands of a feature' }),
          end: Type.Array(Type.String(), { description: 'Removes everything' }),
          files: Type.Record(Type.String(), Type.String(), { description: 'YAML of the files that commands name' }),
        },
        { description: 'What the commands of all features need' },
      ),
    ),
    features: Type.Array(FeatureSchema),
  },
  { title: 'ProveReport', description: 'What a run of the prover found' },
)
export type JsonReport = Static<typeof JsonReportSchema>
export type FeatureReport = JsonReport['features'][number]
export type PhaseReport = NonNullable<FeatureReport['on']>
export type Verdict = FeatureReport['verdict']
