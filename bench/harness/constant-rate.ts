import type { Schedule, ScheduleResult } from './schedule.ts'
import { runWorker } from './worker.ts'

/** Sends load at a constant rate, independent of the answers, from a separate process. */
export function constantRate(schedule: Schedule): Promise<ScheduleResult> {
  return runWorker<ScheduleResult>('constant-rate-worker.ts', schedule)
}

/** Calls without a correct answer: a status other than 200, no answer, or the wrong body. */
export function wrongOf({ calls, byStatus, wrong }: ScheduleResult): number {
  return calls - (byStatus['200'] ?? 0) + wrong
}
