// A thread that tells its parent how many calls are due. In between it sleeps with a precision of 0.2 ms, which Node's
// timers do not have. Polling the clock instead would take a core away from what is measured.
import { parentPort, workerData } from 'node:worker_threads'
import { type Due, dueAtMs, monotonicMs, type Pace } from './pace.ts'

const { calls, rate } = workerData as Pace
const startedAtMs = monotonicMs()
/** Above this rate, two or three calls become due at a time: waking up for each would cost more than making it. */
const SHORTEST_SLEEP_MS = 0.2
const sleeper = new Int32Array(new SharedArrayBuffer(4))

for (let due = 0; due < calls; ) {
  const waitMs = dueAtMs(startedAtMs, rate, due) - monotonicMs()
  if (waitMs > 0) Atomics.wait(sleeper, 0, 0, Math.max(waitMs, SHORTEST_SLEEP_MS))
  while (due < calls && dueAtMs(startedAtMs, rate, due) <= monotonicMs()) due += 1
  parentPort?.postMessage({ startedAtMs, due } satisfies Due)
}
