import { arbitraryFault } from '@linkerd-scenario/test-kit/arbitrary-fault'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FaultSyntaxError } from './fault-error.ts'
import { formatFaults } from './format-faults.ts'
import { parseFaults } from './parse-faults.ts'

function problemOf(text: string): FaultSyntaxError {
  try {
    parseFaults(text)
  } catch (error) {
    if (error instanceof FaultSyntaxError) return error
    throw error
  }
  throw new Error(`${text} was accepted`)
}

test('reads every kind with its parameters', () => {
  expect(
    parseFaults(
      'delay;ms=100, delay;ms=0.5;max=300, delay;p50=10;p95=200.5;p99=1000, status;code=429;retry-after=3,' +
        'reset ,\tclose, hang;rate=0.25;times=2, truncate;bytes=0, size; bytes=10485760;at=consumer',
    ),
  ).toEqual([
    { kind: 'delay', ms: 100 },
    { kind: 'delay', ms: 0.5, max: 300 },
    { kind: 'delay', p50: 10, p95: 200.5, p99: 1000 },
    { kind: 'status', code: 429, 'retry-after': 3 },
    { kind: 'reset' },
    { kind: 'close' },
    { kind: 'hang', rate: 0.25, times: 2 },
    { kind: 'truncate', bytes: 0 },
    { kind: 'size', bytes: 10_485_760, at: 'consumer' },
  ])
})

test('takes a place as a token and as a string', () => {
  for (const at of ['provider/v2', '"provider/v2"']) {
    expect(parseFaults(`reset;at=${at}`)).toEqual([{ kind: 'reset', at: 'provider/v2' }])
  }
})

test.each([
  ['', 0, 'there is no fault'],
  ['   ', 0, 'there is no fault'],
  ['explode', 0, 'the kinds are delay, status, reset, close, hang, truncate, size'],
  ['reset, explode;rate=1', 7, '"explode" is not a kind of fault'],
  ['constructor', 0, 'not a kind of fault'],
  ['"reset"', 0, 'without quotes'],
  ['reset, (close hang)', 7, 'without quotes or parentheses'],
  ['7', 0, 'begins with its kind'],
  ['status', 0, 'status needs code'],
  ['reset;code=503', 6, 'reset has no "code": it takes rate, times, at'],
  ['status;cod=503', 7, 'it takes code, retry-after, rate, times, at'],
  ['reset;constructor=1', 6, 'reset has no "constructor"'],
  ['status;code=399', 12, 'a whole number from 400 to 599'],
  ['status; code=600', 13, 'code is 600'],
  ['status;code="503"', 12, 'code is "503"'],
  ['status;code=503.5', 12, 'a whole number'],
  ['status;code', 7, 'code is true'],
  ['status;code=503;retry-after=-1', 28, 'from 0 to 86400'],
  ['reset;rate=1.1', 11, 'a number from 0 to 1'],
  ['reset;rate=-0.1', 11, 'a number from 0 to 1'],
  ['reset;rate=all', 11, 'rate is "all"'],
  ['reset;rate=0.0001', 17, 'cannot exceed 3'],
  ['reset;times=0', 12, 'from 1 to 1000000'],
  ['reset;times=1.5', 12, 'a whole number'],
  ['reset;at=""', 9, 'a text as in at=provider or at=provider/v2'],
  ['reset;at=Provider', 9, 'at is "Provider"'],
  ['reset;at=provider/', 9, 'as in at=provider or at=provider/v2'],
  ['reset;at=provider/v1/pod', 9, 'at is'],
  ['reset;at=1', 9, 'at is 1'],
  ['reset;rate=0.5;rate=0.6', 15, '"rate" is there twice'],
  ['delay', 0, 'delay needs ms, or ms and max, or p50, p95 and p99'],
  ['delay;max=3', 0, 'delay needs ms'],
  ['delay;ms=1;p50=3', 11, 'not a mixture'],
  ['delay;p50=1;p95=2', 0, 'delay needs'],
  ['delay;ms=-1', 9, 'from 0 to 600000'],
  ['delay;ms=600001', 9, 'from 0 to 600000'],
  ['delay;ms=10;max=9', 16, 'it is not below ms, 10'],
  ['delay;p50=1;p95=3;p99=2', 22, 'it is not below p95, 3'],
  ['truncate', 0, 'truncate needs bytes'],
  ['size;bytes=10485761', 11, 'from 0 to 10485760'],
  ['reset,', 6, 'not a list of faults such as status;code=503;rate=0.3'],
  ['reset;at="a', 11, 'end of input'],
  ['reset;RATE=1', 6, 'key'],
  ['reset é', 6, 'Expected ,'],
  [`reset;at="a\\"b";rate=2`, 9, 'at is'],
  [`${'reset, '.repeat(16)}reset`, 112, 'at most 16 faults'],
])('%j is refused at %s', (text, position, message) => {
  const problem = problemOf(text)
  expect(problem.message).toContain(message)
  expect(problem.message).toContain(`position ${position}`)
  expect(problem.position).toBe(position)
})

test('takes 4096 characters and no more', () => {
  expect(parseFaults(`reset${' '.repeat(4091)}`)).toEqual([{ kind: 'reset' }])
  expect(problemOf(`reset${' '.repeat(4092)}`)).toMatchObject({ position: 4096 })
})

test('tells the position behind strings, byte sequences and display strings', () => {
  expect(problemOf('reset;at="x;y=\\"";rate=1;rate=1').position).toBe(25)
  expect(problemOf('reset;rate=:AAAA:, close').position).toBe(11)
  expect(problemOf('reset;rate=1;x=%"a\\";y=1').message).toContain('"x"')
})

const FRAGMENTS = [
  ...['delay', 'status', 'hang', 'size', 'ms', 'code', 'rate', 'at'],
  ...[';', ',', '=', ' ', '(', ')', '"', ':', '%"', '@', '?1', '503', '0.5', '-', '.', '/', '\\', '\t', 'é', '\u0000'],
]

const anyText = fc.oneof(
  fc.array(fc.constantFrom(...FRAGMENTS), { maxLength: 20 }).map((parts) => parts.join('')),
  // Any UTF-16. (fast-check's own unit for it takes seconds to build.)
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
)

test('whatever the text, there are faults or a FaultSyntaxError with a position in the text', () => {
  let refused = 0
  fc.assert(
    fc.property(anyText, (text) => {
      try {
        parseFaults(text)
        return true
      } catch (error) {
        refused += 1
        return error instanceof FaultSyntaxError && error.position >= 0 && error.position <= text.length
      }
    }),
    { numRuns: 1000, seed: 4 },
  )
  expect(refused).toBeGreaterThan(500)
})

test('1000 faults broken in one place are each a FaultSyntaxError', () => {
  const broken = fc
    .tuple(
      fc.array(arbitraryFault, { minLength: 1, maxLength: 4 }).map(formatFaults),
      fc.constantFrom(
        (text: string) => `${text};rate=2`,
        (text: string) => `${text};unknown=1`,
        (text: string) => `${text},`,
        (text: string) => `${text}, explode`,
        (text: string) => `${text};at="`,
        (text: string) => `x${text}`,
        (text: string) => `(${text})`,
        (text: string) => `${text};times=0`,
        (text: string) => text.replace(/^\w+/, (kind) => `${kind};rate=1;rate=1`),
      ),
    )
    .map(([text, breakIt]) => breakIt(text))
  fc.assert(
    fc.property(broken, (text) => {
      expect(problemOf(text)).toBeInstanceOf(FaultSyntaxError)
    }),
    { numRuns: 1000, seed: 9651 },
  )
})
