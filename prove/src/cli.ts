#!/usr/bin/env node
import { homedir } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { fileURLToPath } from 'node:url'
import { Kubectl, processLauncher } from './cluster/kubectl.ts'
import { CLUSTER_PACE, systemClock } from './cluster/pace.ts'
import { plan } from './dry-run.ts'
import { FEATURES } from './features/index.ts'
import { readOptions } from './options.ts'
import { deliver } from './report/deliver.ts'
import { featureList } from './report/feature-list.ts'
import { lineProgress, spinnerProgress } from './report/progress.ts'
import { ReportError, readReport } from './report/read-report.ts'
import { toJson } from './report/run-report.ts'
import { run } from './run.ts'

// A reader that has seen enough, e.g. head, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const K8S = fileURLToPath(new URL('../../k8s', import.meta.url))

/** npm hands on the signal of a Ctrl-C that the terminal has sent to this process already. */
const SAME_PRESS_MS = 1000

const asked = readOptions(
  process.argv.slice(2),
  FEATURES.map(({ name }) => name),
)
if ('text' in asked) {
  ;(asked.exitCode === 0 ? process.stdout : process.stderr).write(asked.text)
  process.exitCode = asked.exitCode
} else {
  const { options } = asked
  const features = FEATURES.filter(({ name }) => options.features.length === 0 || options.features.includes(name))
  const launcher = processLauncher(process.env['KUBECTL'] ?? 'kubectl')
  if (options.list) process.stdout.write(featureList(features))
  else if (options.dryRun) process.stdout.write(await plan(features, options, launcher, K8S))
  else if (options.from !== undefined) process.exitCode = await showReport(options.from)
  else await proveOnCluster()

  async function applyObject(object: object, namespace: string): Promise<void> {
    const kubectl = new Kubectl({
      launcher,
      context: options.context,
      clock: systemClock,
      timeoutMs: CLUSTER_PACE.commandMs,
      signal: new AbortController().signal,
      onCommand: () => undefined,
    })
    // On the server's side: on the client's the whole report would be kept once more, in an annotation of at most 256 KiB.
    const args = ['apply', '--server-side', '--force-conflicts', '--field-manager=prover', '--validate=false']
    await kubectl.run([...args, '-n', namespace, '-f', '-'], { input: JSON.stringify(object) })
  }

  async function showReport(file: string): Promise<number> {
    try {
      return await deliver(await readReport(file), options, applyObject)
    } catch (error) {
      if (!(error instanceof ReportError)) throw error
      process.stderr.write(`${error.message}\n`)
      return 2
    }
  }

  async function proveOnCluster(): Promise<void> {
    const pace = {
      ...CLUSTER_PACE,
      ...(options.timeoutS === undefined
        ? {}
        : { convergeMs: options.timeoutS * 1000, rolloutMs: options.timeoutS * 1000 }),
    }
    const isTerminal = process.stderr.isTTY === true
    const hasSpinner = isTerminal && process.env['TERM'] !== 'dumb'
    const progress = hasSpinner ? spinnerProgress(process.stderr) : lineProgress(process.stderr)
    const interrupt = new AbortController()
    let interruptedAt = 0
    const onSignal = () => {
      if (interrupt.signal.aborted) {
        if (performance.now() - interruptedAt < SAME_PRESS_MS) return
        progress.stop()
        process.stderr.write(
          'Left at once. `kubectl get namespaces -l app.kubernetes.io/managed-by=linkerd-scenario-prove` shows what is left.\n',
        )
        process.exit(130)
      }
      interruptedAt = performance.now()
      process.stderr.write('\nInterrupted: cleaning up. A second Ctrl-C leaves at once.\n')
      interrupt.abort(new Error('Interrupted'))
    }
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
    const report = await run({
      options,
      features,
      launcher,
      k8s: K8S,
      clock: systemClock,
      pace,
      signal: interrupt.signal,
      progress,
      confirm:
        isTerminal && process.stdin.isTTY ? (question) => confirm(question, interrupt.signal, onSignal) : undefined,
    })
    process.exitCode = await deliver(
      toJson(report, { out: options.out, cwd: process.cwd(), home: homedir() }),
      options,
      applyObject,
    )
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

async function confirm(question: string, signal: AbortSignal, onSignal: () => void): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  // While it reads the terminal it is told of Ctrl-C in the process's stead.
  lines.on('SIGINT', onSignal)
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim())
  } finally {
    lines.close()
  }
}
