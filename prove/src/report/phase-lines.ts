import type { PhaseReport } from './json-report.ts'

const MARK = { true: 'ok  ', false: 'MISS', null: 'n/a ' } as const

/** A phase as plain lines: each expectation with what was observed. */
export function phaseLines(phase: PhaseReport | null): string[] {
  if (phase === null) return []
  const { state, settled, findings } = phase
  const waited =
    settled === null
      ? ''
      : settled.converged
        ? ` (in force after ${Math.round(settled.waitedMs)} ms)`
        : ` (not reached within ${Math.round(settled.waitedMs / 1000)} s)`
  return [
    `${state}${waited}:`,
    ...findings.map(({ holds, witness, says, seen }) => `  ${MARK[`${holds}`]} [${witness}] ${says}. Seen: ${seen}`),
  ]
}
