import type { BurstCall } from '@linkerd-scenario/contract'
import { expect, test } from 'vitest'
import { judgeAll } from '../src/expectations/expectation.ts'
import type { Labels, Observation, Sample } from '../src/expectations/observation.ts'
import { contradict, decide } from '../src/expectations/verdict.ts'
import type { Feature, Phase } from '../src/feature.ts'
import { answered, call, reportOf } from './fixtures.ts'

/** What was observed in one phase, as written in a test. */
export interface Seen {
  bursts?: Readonly<Record<string, readonly BurstCall[]>>
  facts?: Observation['facts']
  caller?: readonly Sample[]
  provider?: readonly Sample[]
}

/** A mesh that must not be proved: it differs from the healthy one in the observation of one or both phases. */
export interface Denied {
  name: string
  on?: Seen
  control?: Seen
  /** `not-proved` if the fault is in the control. */
  verdict: 'failed' | 'not-proved'
  says: RegExp
}

/**
 * For tests of a feature: the healthy mesh, with figures from a real one, must be proved; each broken mesh must be
 * denied for the right reason. Pure: no traffic and no cluster.
 */
export function verdictCases(feature: Feature, healthy: { on: Seen; control: Seen }, denied: readonly Denied[]): void {
  const verdict = (on: Seen, control: Seen) => {
    const observations = { on: observation(on), control: observation(control) }
    return decide(resultOf(feature.on, observations.on), {
      phase: resultOf(feature.control, observations.control),
      contradictions: contradict(feature.on.expect, feature.decides, observations.control),
    })
  }

  test(`${feature.name}: a healthy mesh is proved`, () => {
    const { verdict: given, reason } = verdict(healthy.on, healthy.control)
    expect(given, reason).toBe('proved')
  })

  test.each(denied)(`${feature.name}: $name`, ({ on = {}, control = {}, verdict: wanted, says }) => {
    const given = verdict(combined(healthy.on, on), combined(healthy.control, control))
    expect(given.verdict, given.reason).toBe(wanted)
    expect(given.reason).toMatch(says)
  })
}

/** The increase of one counter. */
export const sample = (name: string, labels: Labels, value: number): Sample => ({ name, labels, value })

/** `n` calls that the provider failed with a status. */
export const failed = (n: number, status: number, part: Partial<BurstCall> = {}): BurstCall[] =>
  answered(n, { status, origin: 'provider', ...part })

/** `n` calls that the caller's own proxy failed, with a reason; `latencyMs` in `part`. */
export const ended = (n: number, status: number, part: Partial<BurstCall> = {}): BurstCall[] =>
  Array.from({ length: n }, () => call({ status, origin: 'mesh', proxyError: 'a reason', ...part }))

function combined(healthy: Seen, other: Seen): Seen {
  const bursts = { ...healthy.bursts, ...other.bursts }
  return { ...healthy, ...other, bursts, facts: { ...healthy.facts, ...other.facts } }
}

function observation({ bursts = {}, facts = {}, caller, provider }: Seen): Observation {
  return {
    bursts: Object.fromEntries(Object.entries(bursts).map(([name, calls]) => [name, reportOf(calls)])),
    facts: { namespace: 'test', identityDomain: 'identity.linkerd.cluster.local', ...facts },
    proxies: { ...(caller === undefined ? {} : { caller }), ...(provider === undefined ? {} : { provider }) },
  }
}

function resultOf({ state, expect: expected }: Phase, seen: Observation): Parameters<typeof decide>[0] {
  return { state, settled: undefined, findings: judgeAll(expected, seen), traffic: [], durationMs: 0 }
}
