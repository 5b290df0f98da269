import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { execa } from 'execa'
import { exitStatusOf } from './command-line.ts'
import { proveAsJob, skippedByJob } from './mesh/job.ts'
import { type MeshOptions, readOptions } from './mesh/options.ts'
import { run, StepFailed, statusOf } from './mesh/run-step.ts'
import { clusters, createCluster, deleteCluster, prove, setUp, tools } from './mesh/steps.ts'

const INTERRUPTED = 130

/**
 * Creates a cluster with Linkerd, proves all features in it, and removes it. Returns the prover's exit status, or 2 if
 * it could not be run or the cluster could not be removed.
 */
async function main(args: readonly string[], interrupted: AbortSignal): Promise<number> {
  let options: MeshOptions
  try {
    const given = readOptions(args)
    options = { ...given, reports: resolve(given.reports) }
  } catch (error) {
    return exitStatusOf(error)
  }
  const obstacle = (await missingTool(options, interrupted)) ?? (await otherCluster(options, interrupted))
  if (interrupted.aborted) return INTERRUPTED
  if (obstacle !== undefined) {
    console.error(obstacle)
    return 2
  }
  await mkdir(options.reports, { recursive: true })
  try {
    return await inCluster(options, interrupted)
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    return interrupted.aborted ? INTERRUPTED : 2
  }
}

async function missingTool({ cluster }: MeshOptions, cancelSignal: AbortSignal): Promise<string | undefined> {
  for (const { check, missing } of tools(cluster)) {
    const [program, ...args] = check
    const { failed } = await execa(program, args, { reject: false, timeout: 30_000, cancelSignal })
    if (failed) return missing
  }
  return undefined
}

/** A sentence if a cluster of this name is there already: it may be somebody else's, and must not be removed. */
async function otherCluster(options: MeshOptions, cancelSignal: AbortSignal): Promise<string | undefined> {
  const [program, ...args] = clusters(options)
  const { stdout } = await execa(program, args, { reject: false, timeout: 30_000, cancelSignal })
  const names = stdout.split('\n').map((line) => line.split(/\s/)[0])
  if (!names.includes(options.name)) return undefined
  return `There is a cluster ${options.name} already: \`${removalOf(options)}\` removes it, --name names another.`
}

async function inCluster(options: MeshOptions, interrupted: AbortSignal): Promise<number> {
  let isMade = false
  let status = 2
  try {
    await run(createCluster(options), interrupted)
    isMade = true
    for (const step of setUp(options)) await run(step, interrupted)
    status = await statusOf(prove(options), interrupted)
    const asJob = options.job ? await jobStatus(options, interrupted) : 0
    status ||= asJob
  } finally {
    if (isMade && options.keep) console.error(`The cluster ${options.name} is kept: ${removalOf(options)}`)
    // kind and k3d undo a creation that failed. One that was interrupted they leave as it is.
    else if (isMade || interrupted.aborted) status = (await remove(options)) ? status : status || 2
    console.error(`Reports: ${options.reports}`)
  }
  return interrupted.aborted ? INTERRUPTED : status
}

/**
 * Returns 0 if the Job has proved all features, else 1. Where a step fails the others follow: they show what there is of
 * log and report.
 */
async function jobStatus(options: MeshOptions, interrupted: AbortSignal): Promise<number> {
  let failures = 0
  for (const step of proveAsJob(options)) {
    if (interrupted.aborted) return 1
    if ((await statusOf(step, interrupted)) !== 0) failures += 1
  }
  if (failures > 0) return 1
  const skipped = await skippedByJob(options)
  if (skipped.length > 0) console.error(`The Job has skipped ${skipped.join(', ')}.`)
  return skipped.length > 0 ? 1 : 0
}

/** Removes the cluster, or says how to. Nothing interrupts it but a signal to its own command, as by Ctrl-C. */
async function remove(options: MeshOptions): Promise<boolean> {
  if ((await statusOf(deleteCluster(options))) === 0) return true
  console.error(`The cluster ${options.name} is not removed: ${removalOf(options)}`)
  return false
}

function removalOf(options: MeshOptions): string {
  return deleteCluster(options).command.join(' ')
}

const interrupt = new AbortController()
const onSignal = () => interrupt.abort()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
process.exitCode = await main(process.argv.slice(2), interrupt.signal)
