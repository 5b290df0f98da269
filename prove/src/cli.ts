#!/usr/bin/env node
import { homedir } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { cleanUp } from './clean-up.ts'
import { announcing } from './cluster/announcing.ts'
import { Kubectl, type Launcher } from './cluster/kubectl.ts'
import { CLUSTER_PACE, type Pace, systemClock } from './cluster/pace.ts'
import { CannotRun, contextOf } from './cluster/preflight.ts'
import { processLauncher } from './cluster/process-launcher.ts'
import { confirmContext } from './confirm-context.ts'
import { dryRun, rbac } from './dry-run.ts'
import type { Feature } from './feature.ts'
import { FEATURES } from './features/index.ts'
import { interrupts } from './interrupts.ts'
import { type Options, readOptions } from './options.ts'
import { type ApplyObject, deliver } from './report/deliver.ts'
import { featureList } from './report/feature-list.ts'
import { LiveProgress } from './report/live-progress.ts'
import { lineProgress, type Progress, quietProgress } from './report/progress.ts'
import { ReportError, readReport } from './report/read-report.ts'
import { toJson } from './report/run-report.ts'
import { run } from './run.ts'

const K8S = fileURLToPath(new URL('../../k8s', import.meta.url))

/** The reader has stopped early, such as `head`, or the terminal was closed. */
const READER_IS_GONE = new Set(['EPIPE', 'EIO', 'ECONNRESET'])
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (!READER_IS_GONE.has(error.code ?? '')) throw error
})
// Progress that cannot be written must not end a run that has something to remove.
process.stderr.on('error', () => undefined)

/** From the keyboard, from a supervisor, and from a terminal that is closed; SIGBREAK is a key on Windows. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const

const asked = readOptions(
  process.argv.slice(2),
  FEATURES.map(({ name }) => name),
)
if ('text' in asked) {
  ;(asked.exitCode === 0 ? process.stdout : process.stderr).write(asked.text)
  process.exitCode = asked.exitCode
} else process.exitCode = await orRefused(asked.options)

/** The exit code of what the options ask for; 2 where that rejects, with a sentence for the user. */
async function orRefused(options: Options): Promise<number> {
  try {
    return await execute(options)
  } catch (error) {
    const { message, stack = message } = error instanceof Error ? error : new Error(String(error))
    const isExpected = error instanceof CannotRun || error instanceof ReportError
    const why = `The prover could not go on: ${message.replaceAll(/\s+/g, ' ')}. \`--verbose\` shows where.`
    process.stderr.write(`${isExpected ? message : why}\n${options.verbose ? `${stack}\n` : ''}`)
    return 2
  }
}

/** Does what the options ask for. Returns the exit code. */
async function execute(options: Options): Promise<number> {
  const features = FEATURES.filter(({ name }) => options.features.length === 0 || options.features.includes(name))
  const launcher = processLauncher(process.env['KUBECTL'] ?? 'kubectl')
  if (options.list) return print(featureList(features))
  const given = { features, options, launcher, k8s: K8S }
  if (options.dryRun) return print(await dryRun(given))
  if (options.printRbac) return print(await rbac(given))
  if (options.clean) return clean(options, launcher)
  if (options.from !== undefined) return showReport(options.from, options, launcher)
  return proveOnCluster(features, options, launcher)
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}

async function clean(options: Options, launcher: Launcher): Promise<number> {
  const kubectl = kubectlOf(options, launcher)
  const { context } = await contextOf(kubectl, options.context)
  const question = 'Remove what all runs have made there, also those that are going on?'
  const { signal } = new AbortController()
  const ask = (text: string) => confirm(text, signal, () => process.exit(130))
  await confirmContext(context, question, { options, confirm: canAsk() ? ask : undefined })
  return cleanUp(kubectl, options.inNamespace, (line) => process.stdout.write(`${line}\n`))
}

/** Whether there is a user at a terminal. */
function canAsk(): boolean {
  return process.stderr.isTTY === true && process.stdin.isTTY === true
}

async function showReport(file: string, options: Options, launcher: Launcher): Promise<number> {
  return deliver(await readReport(file), options, applying(options, launcher))
}

async function proveOnCluster(features: Feature[], options: Options, launcher: Launcher): Promise<number> {
  const isTerminal = process.stderr.isTTY === true
  const progress = progressFor(options, isTerminal)
  const { interrupted, leave, onSignal } = interrupts(
    (line) => progress.notes(line),
    () => process.exit(130),
  )
  for (const signal of SIGNALS) process.on(signal, onSignal)
  const report = await run({
    options,
    features,
    launcher,
    k8s: K8S,
    clock: systemClock,
    pace: paceOf(options),
    signal: interrupted,
    leave,
    progress,
    confirm: canAsk() ? (question) => confirm(question, interrupted, onSignal) : undefined,
  })
  const json = toJson(report, { out: options.out, cwd: process.cwd(), home: homedir() })
  const code = await deliver(json, options, applying(options, launcher))
  for (const signal of SIGNALS) process.off(signal, onSignal)
  return code
}

function progressFor({ quiet }: Options, isTerminal: boolean): Progress {
  if (quiet) return quietProgress(process.stderr)
  return isTerminal && process.env['TERM'] !== 'dumb' ? new LiveProgress(process.stderr) : lineProgress(process.stderr)
}

function paceOf({ timeoutS }: Options): Pace {
  if (timeoutS === undefined) return CLUSTER_PACE
  return { ...CLUSTER_PACE, convergeMs: timeoutS * 1000, rolloutMs: timeoutS * 1000 }
}

/** For the commands that belong to no run. */
function kubectlOf(options: Options, launcher: Launcher): Kubectl {
  const kubectl = new Kubectl({
    launcher,
    context: options.context,
    clock: systemClock,
    timeoutMs: CLUSTER_PACE.commandMs,
    signal: new AbortController().signal,
    onCommand: () => undefined,
  })
  return announcing(kubectl, CLUSTER_PACE.quietMs, progressFor(options, false).notes)
}

/** Server-side apply: client-side apply would store the whole report again in an annotation of at most 256 KiB. */
function applying(options: Options, launcher: Launcher): ApplyObject {
  return async (object, namespace) => {
    const args = ['apply', '--server-side', '--force-conflicts', '--field-manager=prover', '--validate=false']
    await kubectlOf(options, launcher).run([...args, '-n', namespace, '-f', '-'], { input: JSON.stringify(object) })
  }
}

async function confirm(question: string, signal: AbortSignal, onSignal: () => void): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  // readline receives Ctrl-C while it prompts.
  lines.on('SIGINT', onSignal)
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim())
  } finally {
    lines.close()
  }
}
