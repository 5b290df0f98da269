import type { Schedule, ScheduleResult } from './schedule.ts'
import { runWorker } from './worker.ts'

/** Drives load at a constant rate, from a process of its own, whatever the answers do. */
export function constantRate(schedule: Schedule): Promise<ScheduleResult> {
  return runWorker<ScheduleResult>('constant-rate-worker.ts', schedule)
}

/** Calls that got no right answer: another status than 200, no answer, another body. */
export function wrongOf({ calls, byStatus, wrong }: ScheduleResult): number {
  return calls - (byStatus['200'] ?? 0) + wrong
}
