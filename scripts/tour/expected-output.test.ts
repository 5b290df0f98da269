import { expect, test } from 'vitest'
import { mismatch } from './expected-output.ts'

test.each([
  ['nothing is expected', [], 'anything\n'],
  ['the same', ['a', 'b'], 'a\nb\n'],
  ['a part of a line differs', ['pod-… ready'], 'pod-1b2c ready\n'],
  ['the part is empty', ['"byVersion":{…"v2":…}'], '"byVersion":{"v2":105,"v1":895}\n'],
  ['lines are left out', ['first', '…', 'last'], 'first\nsecond\nthird\nlast\n'],
  ['no line is left out', ['…', 'last'], 'last\n'],
  ['signs of regular expressions', ['{"a":[1]} (x.y)*'], '{"a":[1]} (x.y)*\n'],
  ['no newline at the end', ['a'], 'a'],
])('fits: %s', (_case, expected, output) => expect(mismatch(expected, output)).toBeUndefined())

test.each([
  ['a number', ['{"200":100}'], '{"200":99}\n', 0],
  ['a line too many', ['a'], 'a\nb\n', 0],
  ['a line is missing', ['a', 'b'], 'a\n', 1],
  ['the second line', ['a', 'b', 'c'], 'a\nx\nc\n', 1],
  ['the end after left-out lines', ['…', 'last'], 'first\n', 1],
  ['something, but nothing came', ['a'], '', 0],
])('does not fit: %s', (_case, expected, output, line) => expect(mismatch(expected, output)?.line).toBe(line))

test('the message has the expected line and the whole output', () => {
  expect(mismatch(['a', '"503":…'], 'a\n"200":5\n')?.message).toBe(
    'expected "\\"503\\":…", and the command printed\na\n"200":5',
  )
})
