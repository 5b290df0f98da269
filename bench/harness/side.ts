import { cpuTimeMs, residentBytes } from './cpu-time.ts'
import type { ProcessPlan } from './serving.ts'
import { answered, type ServingProcess, startProcess } from './serving.ts'

/** One side of a comparison: one or more processes, the last of which is called. */
export interface Side {
  name: string
  /** The processes in their start order, on free ports. */
  plan(): Promise<SidePlan>
}

export interface SidePlan {
  processes: readonly ProcessPlan[]
  url: string
  /** Of the called process, if it has an admin port. */
  adminUrl?: string
}

/** A side whose processes are serving. */
export class RunningSide {
  readonly name: string
  readonly url: string
  readonly adminUrl: string | undefined
  readonly processes: readonly ServingProcess[]

  constructor(name: string, plan: SidePlan, processes: readonly ServingProcess[]) {
    this.name = name
    this.url = plan.url
    this.adminUrl = plan.adminUrl
    this.processes = processes
  }

  /** CPU time of all its processes so far, milliseconds. */
  cpuTimeMs(): Promise<number> {
    return cpuTimeMs(this.processes.map(({ pid }) => pid))
  }

  /** Resident memory of the called process, bytes. */
  residentBytes(): Promise<number> {
    return residentBytes(this.processes.slice(-1).map(({ pid }) => pid))
  }

  async stop(): Promise<void> {
    for (const process of this.processes.toReversed()) await process.stop()
  }
}

/** Starts the processes of a side one after the other. */
export async function startSide(side: Side): Promise<RunningSide> {
  const plan = await side.plan()
  const processes: ServingProcess[] = []
  try {
    for (const process of plan.processes) processes.push(await startProcess(process))
    // The admin server starts a moment after the service.
    if (plan.adminUrl !== undefined) await answered(`${plan.adminUrl}/readyz`)
  } catch (error) {
    for (const process of processes) await process.stop()
    throw error
  }
  return new RunningSide(side.name, plan, processes)
}

/** Starts both sides, passes them to `use`, and always ends them. */
export async function withSides<Result>(
  sides: readonly [Side, Side],
  use: (subject: RunningSide, baseline: RunningSide) => Promise<Result>,
): Promise<Result> {
  const subject = await startSide(sides[0])
  try {
    const baseline = await startSide(sides[1])
    try {
      return await use(subject, baseline)
    } finally {
      await baseline.stop()
    }
  } finally {
    await subject.stop()
  }
}

/** The same side with a prefix or more flags for the called process, the last one. */
export function limited(side: Side, { prefix, flags = [] }: { prefix: string[]; flags?: string[] }): Side {
  return {
    name: `${side.name}, limited`,
    async plan() {
      const plan = await side.plan()
      const last = plan.processes.length - 1
      const processes = plan.processes.map((process, index) =>
        index === last ? { ...process, prefix, args: [...flags, ...process.args] } : process,
      )
      return { ...plan, processes }
    },
  }
}
