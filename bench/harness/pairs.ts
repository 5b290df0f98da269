import type { Bounds, Effort, Row } from './case.ts'
import type { Load } from './load.ts'
import type { RunningSide } from './side.ts'
import { median, ratios } from './statistics.ts'

/** Measures both in turn, A B A B, so that both run under the same conditions. */
export async function inTurn<Measured>(
  pairs: number,
  measureSubject: () => Promise<Measured>,
  measureBaseline: () => Promise<Measured>,
): Promise<[Measured, Measured][]> {
  const measured: [Measured, Measured][] = []
  for (let pair = 0; pair < pairs; pair += 1) measured.push([await measureSubject(), await measureBaseline()])
  return measured
}

/** A line of the report, from the pairs of one figure. */
export function pairedRow(
  what: string,
  unit: string,
  pairs: readonly (readonly [number, number])[],
  mustBe?: Bounds,
): Row {
  return {
    what,
    unit,
    subject: median(pairs.map(([subject]) => subject)),
    baseline: median(pairs.map(([, baseline]) => baseline)),
    ratio: ratios(pairs),
    ...(mustBe ? { mustBe } : {}),
  }
}

/** One measurement under full load. */
export interface Served {
  perSecond: number
  /** CPU time of all serving processes per request, microseconds. */
  cpuUs: number
  p99Ms: number
  shed: number
  wrong: number
}

/** A load without its target and duration. */
export type Calls = Omit<Load, 'url' | 'seconds'> & { path: string }

/** Sends load to a running side, and reads the CPU time of its processes from the operating system. */
export async function serve(side: RunningSide, calls: Calls, { drive, seconds }: Effort): Promise<Served> {
  const before = await side.cpuTimeMs()
  const result = await drive({ ...calls, seconds, url: side.url + calls.path })
  const cpuMs = (await side.cpuTimeMs()) - before
  return {
    perSecond: result.answers / result.seconds,
    cpuUs: (cpuMs * 1000) / result.answers,
    p99Ms: result.latencyMs.p99,
    shed: result.shed,
    wrong: result.wrong,
  }
}
