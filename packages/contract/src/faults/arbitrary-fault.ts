import fc from 'fast-check'
import type { Fault, FaultKind } from './fault.ts'

/** Numbers that the text form can write: at most three digits after the point. */
const decimal = (max: number) => fc.integer({ min: 0, max: max * 1000 }).map((thousandths) => thousandths / 1000)

const label = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,10}[A-Za-z0-9])?$/)
const service = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?$/)

const common: Record<string, fc.Arbitrary<unknown>> = {
  rate: decimal(1),
  times: fc.integer({ min: 1, max: 1_000_000 }),
  at: fc.oneof(
    service,
    fc.tuple(service, label).map((parts) => parts.join('/')),
  ),
}

const record = (model: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[]) =>
  fc.record({ ...model, ...common }, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<Fault>

const sorted = (names: string[]) =>
  fc
    .tuple(record({ kind: fc.constant('delay') }, ['kind']), fc.array(decimal(600_000), { minLength: 3, maxLength: 3 }))
    .map(([fault, values]) => {
      const ascending = values.toSorted((a, b) => a - b)
      return { ...fault, ...Object.fromEntries(names.map((name, i) => [name, ascending[i]])) } as Fault
    })

const bytes = fc.integer({ min: 0, max: 10 * 1024 * 1024 })

const alone = (kind: FaultKind) => record({ kind: fc.constant(kind) }, ['kind'])

const BY_KIND: Record<FaultKind, fc.Arbitrary<Fault>> = {
  delay: fc.oneof(sorted(['ms']), sorted(['ms', 'max']), sorted(['p50', 'p95', 'p99'])),
  status: record(
    {
      kind: fc.constant('status'),
      code: fc.integer({ min: 400, max: 599 }),
      'retry-after': fc.integer({ min: 0, max: 86_400 }),
    },
    ['kind', 'code'],
  ),
  reset: alone('reset'),
  close: alone('close'),
  hang: alone('hang'),
  truncate: record({ kind: fc.constant('truncate'), bytes }, ['kind', 'bytes']),
  size: record({ kind: fc.constant('size'), bytes }, ['kind', 'bytes']),
}

/** Any valid fault, for property tests. */
export const arbitraryFault: fc.Arbitrary<Fault> = fc.oneof(...Object.values(BY_KIND))
