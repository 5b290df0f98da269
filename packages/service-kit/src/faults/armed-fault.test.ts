import { parseFaults } from '@linkerd-scenario/contract'
import { expect, test } from 'vitest'
import { type ArmedFault, arm } from './armed-fault.ts'

const identity = { service: 'provider', version: 'v1', seed: 's' }
const armed = (text: string, ...rest: [place?: 'header' | 'admin', generation?: number]) =>
  arm(parseFaults(text), identity, rest[0] ?? 'header', rest[1])

const hits = (fault: ArmedFault | undefined, n = 200) => Array.from({ length: n }, () => fault?.hits(1))

test('faults of other services and versions are left out', () => {
  const texts = armed('reset;at=consumer, close, hang;at="provider/v2", status;code=500;at="provider/v1"').map(
    ({ text }) => text,
  )
  expect(texts).toEqual(['close', 'status;code=500;at=provider/v1'])
})

test('a rate is the share of the requests that are hit; 0 and 1 are not random', () => {
  expect(hits(armed('reset')[0])).not.toContain(false)
  expect(hits(armed('reset;rate=0')[0])).not.toContain(true)
  const share = hits(armed('reset;rate=0.3')[0], 2000).filter(Boolean).length / 2000
  expect(share).toBeGreaterThan(0.25)
  expect(share).toBeLessThan(0.35)
})

test('the same fault has a separate sequence for each occurrence in a list, place and generation', () => {
  const text = 'reset;rate=0.5'
  const [first, second] = armed(`${text}, ${text}`)
  const sequences = [first, second, armed(text, 'admin')[0], armed(text, 'header', 1)[0]].map((fault) => hits(fault))
  expect(new Set(sequences.map(String)).size).toBe(4)
  expect(hits(armed(text)[0])).toEqual(sequences[0])
})

test('drawing sizes does not change which requests are hit', () => {
  const [disturbed] = armed('delay;ms=1;max=9;rate=0.5')
  const seen = Array.from({ length: 200 }, () => {
    disturbed?.random()
    return disturbed?.hits(1)
  })
  expect(seen).toEqual(hits(armed('delay;ms=1;max=9;rate=0.5')[0]))
})
