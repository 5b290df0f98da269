import { type Static, Type } from 'typebox'

const LONGEST_MS = 600_000
const MOST_BYTES = 10 * 1024 * 1024

/** Where a fault without `at` happens. */
export const DEFAULT_FAULT_AT = 'provider'

/** Most faults in a list: each costs memory in the service. */
export const MOST_FAULTS = 16

const common = {
  rate: Type.Optional(
    Type.Number({ default: 1, minimum: 0, maximum: 1, description: 'Share of the requests that it hits' }),
  ),
  times: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description: 'Only the first N attempts of one request id; without it every attempt',
    }),
  ),
  at: Type.Optional(
    Type.String({
      default: DEFAULT_FAULT_AT,
      // A DNS label, and a Kubernetes label's value behind the slash.
      pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(/[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$',
      description: 'The service, or "service/version", where it happens',
      examples: ['provider', 'provider/v2'],
    }),
  ),
}

const strict = { additionalProperties: false }

const Delay = (description: string) => Type.Number({ minimum: 0, maximum: LONGEST_MS, description })

const Bytes = (description: string) => Type.Integer({ minimum: 0, maximum: MOST_BYTES, description })

const DelayBetweenSchema = Type.Object(
  {
    kind: Type.Literal('delay'),
    ms: Delay('Milliseconds to wait; with max the shortest wait'),
    max: Type.Optional(Delay('Longest wait: every time from ms to max is as likely')),
    ...common,
  },
  strict,
)

const DelayByPercentilesSchema = Type.Object(
  {
    kind: Type.Literal('delay'),
    p50: Delay('Milliseconds that half of the waits do not exceed'),
    p95: Delay('Milliseconds that 95 % of the waits do not exceed'),
    p99: Delay('Milliseconds that 99 % of the waits do not exceed'),
    ...common,
  },
  strict,
)

const StatusSchema = Type.Object(
  {
    kind: Type.Literal('status'),
    code: Type.Integer({ minimum: 400, maximum: 599, description: 'Status of the answer' }),
    'retry-after': Type.Optional(
      Type.Integer({ minimum: 0, maximum: 86_400, description: 'Seconds in its Retry-After header' }),
    ),
    ...common,
  },
  strict,
)

const ResetSchema = Type.Object({ kind: Type.Literal('reset'), ...common }, strict)
const CloseSchema = Type.Object({ kind: Type.Literal('close'), ...common }, strict)
const HangSchema = Type.Object({ kind: Type.Literal('hang'), ...common }, strict)

const TruncateSchema = Type.Object(
  { kind: Type.Literal('truncate'), bytes: Bytes('Bytes of the body that are sent'), ...common },
  strict,
)

const SizeSchema = Type.Object(
  { kind: Type.Literal('size'), bytes: Bytes('Bytes that the body has at least'), ...common },
  strict,
)

/** One fault, in the JSON form; the text form has the same parameters under the same names. */
export const FaultSchema = Type.Union(
  [
    DelayBetweenSchema,
    DelayByPercentilesSchema,
    StatusSchema,
    ResetSchema,
    CloseSchema,
    HangSchema,
    TruncateSchema,
    SizeSchema,
  ],
  { description: 'One fault' },
)
export type Fault = Static<typeof FaultSchema>
export type FaultKind = Fault['kind']
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>

/** Several faults in their order: the body of `PUT /faults` as JSON. */
export const FaultsSchema = Type.Array(FaultSchema, { minItems: 1, maxItems: MOST_FAULTS })

const Place = (description: string) =>
  Type.Object({ text: Type.String(), faults: Type.Array(FaultSchema) }, { description })

/** Answer of `GET /faults` on the admin port. */
export const FaultStateSchema = Type.Object(
  {
    enabled: Type.Boolean({ description: 'Whether any fault can happen in this process' }),
    seed: Type.String({ description: 'The same FAULT_SEED repeats the random choices' }),
    admin: Place('What PUT /faults set'),
    variable: Place('What FAULT set; counts where admin has nothing for this service'),
  },
  { title: 'FaultState' },
)
