import { expect, test } from 'vitest'
import { cpuTimeMs, parsePs, parseStat, residentBytes, withDescendants } from './cpu-time.ts'

const STAT =
  '4242 (node (v24) x) S 17 4242 17 34816 4242 4194304 5000 60 1 0 150 50 7 3 20 0 11 0 1000 1200000000 25000 ' +
  '18446744073709551615 1 1 0 0 0 0 0 4096 134300162 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 0\n'

test('a stat line is parsed whatever the name of the process', () => {
  expect(parseStat(STAT)).toEqual({ pid: 4242, parent: 17, cpuMs: 2100, residentBytes: 25_000 * 4096 })
})

test('the times of ps are parsed in all their formats', () => {
  expect(parsePs('  1 0 0:01.25 1000\n 22 1 01:02:03 2\n 23 22 2-00:00:01 3\n\n')).toEqual([
    { pid: 1, parent: 0, cpuMs: 1250, residentBytes: 1_024_000 },
    { pid: 22, parent: 1, cpuMs: 3_723_000, residentBytes: 2048 },
    { pid: 23, parent: 22, cpuMs: 172_801_000, residentBytes: 3072 },
  ])
})

test('descendants count, and unrelated processes do not', () => {
  const all = [
    { pid: 3, parent: 2, cpuMs: 0, residentBytes: 0 },
    { pid: 2, parent: 1, cpuMs: 0, residentBytes: 0 },
    { pid: 9, parent: 8, cpuMs: 0, residentBytes: 0 },
    { pid: 1, parent: 0, cpuMs: 0, residentBytes: 0 },
  ]
  expect(withDescendants(all, [1]).map(({ pid }) => pid)).toEqual([3, 2, 1])
})

test('the figures of this process agree with what Node reports', async () => {
  const until = performance.now() + 100
  while (performance.now() < until);
  const { user, system } = process.cpuUsage()
  const own = (user + system) / 1000
  expect(await cpuTimeMs([process.pid])).toBeGreaterThan(own * 0.8)
  expect(await residentBytes([process.pid])).toBeGreaterThan(process.memoryUsage().rss * 0.5)
})
