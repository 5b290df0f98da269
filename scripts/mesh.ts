import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { exitStatusOf } from './command-line.ts'
import { type MeshOptions, readOptions } from './mesh/options.ts'
import { createCluster, deleteCluster, prove, type Step, setUp, tools } from './mesh/steps.ts'

const root = join(import.meta.dirname, '..')

/** A command of a step failed; it has printed the reason itself. */
class StepFailed extends Error {
  readonly status: number
  constructor(status: number) {
    super(`ended with ${status}`)
    this.status = status
  }
}

/** Creates a cluster with Linkerd, proves all features in it, and removes it. Returns the prover's exit status. */
async function main(args: readonly string[]): Promise<number> {
  let options: MeshOptions
  try {
    const given = readOptions(args)
    options = { ...given, reports: resolve(given.reports) }
  } catch (error) {
    return exitStatusOf(error)
  }
  const missing = await missingTool(options)
  if (missing !== undefined) {
    console.error(missing)
    return 2
  }
  await mkdir(options.reports, { recursive: true })
  try {
    return await inCluster(options)
  } catch (error) {
    if (!(error instanceof StepFailed)) throw error
    return 2
  }
}

async function missingTool({ cluster }: MeshOptions): Promise<string | undefined> {
  for (const { check, missing } of tools(cluster)) {
    const [program, ...args] = check
    const { failed } = await execa(program, args, { reject: false, timeout: 30_000 })
    if (failed) return missing
  }
  return undefined
}

async function inCluster(options: MeshOptions): Promise<number> {
  // If creating the cluster fails, it may be somebody else's existing one: do not remove it.
  await run(createCluster(options))
  try {
    for (const step of setUp(options)) await run(step)
    return await statusOf(prove(options))
  } finally {
    const removal = deleteCluster(options)
    if (options.keep) console.error(`The cluster ${options.name} is kept: ${removal.command.join(' ')}`)
    else await statusOf(removal)
    console.error(`Reports: ${options.reports}`)
  }
}

async function run(step: Step): Promise<void> {
  const status = await statusOf(step)
  if (status !== 0) throw new StepFailed(status)
}

async function statusOf({ says, command, into }: Step): Promise<number> {
  console.error(`${says} …`)
  const [program, ...args] = command
  // The commands' output is for people: stdout stays free.
  const quiet = { cwd: root, reject: false, stdin: 'inherit', stdout: process.stderr, stderr: 'inherit' } as const
  if (into === undefined) return exitCodeOf(await execa(program, args, quiet))
  const [target, ...targetArgs] = into
  const source = execa(program, args, { ...quiet, stdout: 'pipe' })
  const [first, last] = await Promise.all([source, source.pipe(target, targetArgs, { ...quiet, stdin: 'pipe' })])
  return exitCodeOf(first) || exitCodeOf(last)
}

function exitCodeOf({ failed, exitCode }: { failed: boolean; exitCode?: number }): number {
  return failed ? (exitCode ?? 1) : 0
}

// Ctrl-C also reaches the running command; this process keeps running to remove the cluster.
process.on('SIGINT', () => {}).on('SIGTERM', () => {})
process.exitCode = await main(process.argv.slice(2))
