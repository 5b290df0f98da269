import { type Fault, FaultSchema } from '@linkerd-scenario/contract'
import fc from 'fast-check'
import { type TSchema, Type } from 'typebox'

/** Parameters whose values must not descend, in this order. */
const ASCENDING = ['ms', 'max', 'p50', 'p95', 'p99']

/** Any valid fault, for property tests: each form of each kind, with parameters in the ranges of its schema. */
export const arbitraryFault: fc.Arbitrary<Fault> = fc.oneof(
  ...FaultSchema.anyOf.map(({ properties }) => faultOf(Object.entries<TSchema>(properties))),
)

function faultOf(parameters: readonly [string, TSchema][]): fc.Arbitrary<Fault> {
  const requiredKeys = parameters.filter(([, schema]) => !Type.IsOptional(schema)).map(([name]) => name)
  const values = Object.fromEntries(parameters.map(([name, schema]) => [name, arbitraryOf(schema)]))
  return fc
    .record(values, { requiredKeys, noNullPrototype: true })
    .map(ordered) as fc.Arbitrary<unknown> as fc.Arbitrary<Fault>
}

function arbitraryOf(schema: TSchema): fc.Arbitrary<unknown> {
  const { minimum = 0, maximum = 0, pattern = '' } = schema as { minimum?: number; maximum?: number; pattern?: string }
  if (Type.IsLiteral(schema)) return fc.constant(schema.const)
  if (Type.IsInteger(schema)) return fc.integer({ min: minimum, max: maximum })
  if (Type.IsString(schema)) return fc.stringMatching(new RegExp(pattern))
  // The text form has at most three digits after the point.
  return fc.integer({ min: minimum * 1000, max: maximum * 1000 }).map((thousandths) => thousandths / 1000)
}

function ordered(fault: Record<string, unknown>): Record<string, unknown> {
  const names = ASCENDING.filter((name) => name in fault)
  const values = names.map((name) => Number(fault[name])).sort((a, b) => a - b)
  return { ...fault, ...Object.fromEntries(names.map((name, index) => [name, values[index]])) }
}
