import { expect, test } from 'vitest'
import { isExpected } from './load.ts'
import { parseWrk } from './wrk.ts'

const OUTPUT = `Running 1s test @ http://localhost:5000/
  1 threads and 32 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.22ms  300.00us  12.34ms   90.00%
  25000 requests in 1.00s, 9.00MB read
Requests/sec:  25000.00
wrk {"answers":25000,"shed":7,"wrong":3,"broken":2,"timeouts":1,"us":1002000,"p50us":1220,"p99us":4000,"maxus":12340}
`

test('the totals of the script are parsed, and every kind of failure counts as wrong', () => {
  expect(parseWrk(OUTPUT)).toEqual({
    answers: 25_000,
    shed: 7,
    wrong: 6,
    seconds: 1.002,
    latencyMs: { p50: 1.22, p99: 4, max: 12.34 },
  })
})

test('output without totals is an error that shows it', () => {
  expect(() => parseWrk('unable to connect to localhost:1')).toThrow('unable to connect')
})

test.each([
  ['{"message":"a","hops":[]}', ['{"message":"a"', ']}'], true],
  ['x{"message":"a","hops":[]}', ['{"message":"a"', ']}'], false],
  ['{"message":"a","hops":[', ['{"message":"a"', ']}'], false],
  ['bab', ['b', 'a', 'b'], true],
  ['bab', ['b', 'b', 'a'], false],
])('%s against %j: %s', (body, parts, verdict) => {
  expect(isExpected(body, parts)).toBe(verdict)
})
