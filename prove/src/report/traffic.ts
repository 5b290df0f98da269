import type { BurstCall, BurstReport } from '@linkerd-scenario/contract'
import { type Static, Type } from 'typebox'

/** Maximum number of columns in a timeline. */
const STEPS = 40

const Counts = Type.Record(Type.String(), Type.Integer({ minimum: 0 }))

/** The outcomes of a burst's calls, short enough for a report. */
export const TrafficSchema = Type.Object({
  name: Type.String({ description: 'Name of the burst in the expectations' }),
  total: Type.Integer({ minimum: 0 }),
  durationMs: Type.Number(),
  outcomes: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), {
    description: 'Calls by status, and by origin where one failed: "200", "503 provider", "none network"',
  }),
  versions: Counts,
  pods: Counts,
  latencyMs: Type.Object({ p50: Type.Number(), p90: Type.Number(), p99: Type.Number(), max: Type.Number() }),
  timeline: Type.Optional(
    Type.Object(
      { stepMs: Type.Number(), outcomes: Type.Record(Type.String(), Type.Array(Type.Integer({ minimum: 0 }))) },
      { description: 'Calls by outcome in each step of time, by their start' },
    ),
  ),
})
export type Traffic = Static<typeof TrafficSchema>

/** Sums up the bursts of an observation. */
export function trafficOf(bursts: Readonly<Record<string, BurstReport>>): Traffic[] {
  return Object.entries(bursts).map(([name, report]) => {
    const { p50, p90, p99, max } = report.latencyMs
    const timeline = timelineOf(report)
    return {
      name,
      total: report.total,
      durationMs: report.durationMs,
      outcomes: outcomesOf(report),
      versions: { ...report.byVersion },
      pods: { ...report.byPod },
      latencyMs: { p50, p90, p99, max },
      ...(timeline === undefined ? {} : { timeline }),
    }
  })
}

/** Calls by status and origin. A burst without detail has no origin per status: then by status only. */
function outcomesOf({ calls, byStatus }: Pick<BurstReport, 'calls' | 'byStatus'>): Record<string, number> {
  if (calls === undefined) return { ...byStatus }
  const outcomes: Record<string, number> = {}
  for (const call of calls) {
    const outcome = outcomeOf(call)
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
  return outcomes
}

/** Calls of several bursts together, by outcome. */
export function outcomesOfAll(bursts: Readonly<Record<string, BurstReport>>): Record<string, number> {
  const outcomes: Record<string, number> = {}
  for (const report of Object.values(bursts)) {
    for (const [outcome, count] of Object.entries(outcomesOf(report))) {
      outcomes[outcome] = (outcomes[outcome] ?? 0) + count
    }
  }
  return outcomes
}

function outcomeOf({ status, origin }: BurstCall): string {
  return origin === undefined ? `${status ?? 'none'}` : `${status ?? 'none'} ${origin}`
}

function timelineOf({ calls, durationMs }: BurstReport): Traffic['timeline'] {
  if (calls === undefined || calls.length === 0) return undefined
  const lengthMs = Math.max(durationMs, ...calls.map(({ startMs }) => startMs), 1)
  const stepMs = lengthMs / STEPS
  const outcomes: Record<string, number[]> = {}
  for (const call of calls) {
    const outcome = outcomeOf(call)
    outcomes[outcome] ??= Array<number>(STEPS).fill(0)
    const steps = outcomes[outcome]
    const step = Math.min(STEPS - 1, Math.floor(call.startMs / stepMs))
    steps[step] = (steps[step] ?? 0) + 1
  }
  return { stepMs, outcomes }
}
