import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { binomialBounds, chanceOfAtMost, FALSE_ALARM } from '@linkerd-scenario/contract/promises'
import { expect, test } from 'vitest'
import { FEATURES } from '../../prove/src/features/index.ts'
import { root } from './tools.ts'

/** How likely it is that chance alone breaks the expectation, given its number of calls. */
const CHANCES: Record<string, { limit: string; chance: (calls: number) => number }> = {
  'traffic-split': { limit: '10 %', chance: () => FALSE_ALARM },
  // Once with the feature on, once in the control.
  'golden-metrics': { limit: '10 %', chance: (n) => 2 * chanceOfAtMost(0.1 * n - 1, n, 0.3) },
  'load-balancing': { limit: '20 %', chance: (n) => chanceOfAtMost(0.2 * n - 1, n, 1 / 3) },
  // The quickest of three pods is one of the two that are drawn for two calls of three.
  'circuit-breaking': { limit: '2 %', chance: (n) => chanceOfAtMost(0.02 * n - 1, n, 2 / 3) },
  'rate-limit-aware-balancing': { limit: '45 %', chance: (n) => chanceOfAtMost(0.45 * n - 1, n, 2 / 3) },
  // All calls after the first draw its pod again.
  discovery: { limit: 'two pods', chance: (n) => (2 / 3) ** (n - 1) },
}
const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const text = await readFile(join(root, 'docs/prove.md'), 'utf8')
const rows = [...text.matchAll(/^\| (?:`([\w-]+)`(.*?)|together) \| (.*?) ?\| (\d.* in 10.*?) \|$/gm)].map(
  ([, feature = 'together', says = '', calls = '', alarm = '']) => ({ feature, says, calls, alarm }),
)

/** `1.2 in 10⁹` and `1 in 10 000` as numbers. */
function probability(alarm: string): number {
  const [, hits, power = '', zeros = ''] = /^([\d.]+) in 10([⁰¹²³⁴-⁹]*)((?: 000)*)/.exec(alarm) ?? []
  const exponent = power === '' ? 1 : Number(power.replaceAll(/./g, (digit) => `${SUPERSCRIPTS.indexOf(digit)}`))
  return Number(hits) / (10 ** exponent * Number(`1${zeros.replaceAll(' ', '')}`))
}

test('docs/prove.md lists how often each expectation that has chance in it cries wolf, and the sum', () => {
  expect(new Set(rows.map(({ feature }) => feature))).toEqual(new Set([...Object.keys(CHANCES), 'together']))
  let sum = 0
  for (const { feature, says, calls, alarm } of rows) {
    if (feature === 'together') continue
    const { limit, chance } = CHANCES[feature] ?? { limit: '', chance: () => Number.NaN }
    const exact = chance(Number(calls.split(' × ').at(-1)))
    expect(probability(alarm) / exact, feature).toBeGreaterThan(0.9)
    expect(probability(alarm) / exact, feature).toBeLessThan(1.1)
    expect(says, feature).toContain(limit)
    sum += exact
  }
  expect(probability(rows.find(({ feature }) => feature === 'together')?.alarm ?? '')).toBeCloseTo(sum, 6)
  const { least, most } = binomialBounds(1000, 0.1)
  expect(rows.find(({ feature }) => feature === 'traffic-split')?.alarm).toContain(`${least} to ${most} calls`)
})

test('an expectation on the share of a version or a pod is in that list, if chance can break it', () => {
  const lowerBounds = FEATURES.flatMap(({ name, on, control }) =>
    [...on.expect, ...control.expect]
      .filter(({ says }) => /takes at least|within chance/.test(says))
      .map(({ says }) => ({ name, limit: /\d+ %/.exec(says)?.[0] })),
  )
  expect(lowerBounds.length).toBeGreaterThan(3)
  for (const { name, limit } of lowerBounds) expect(CHANCES[name]?.limit, name).toBe(limit)
})
