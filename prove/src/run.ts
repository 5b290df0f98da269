import { randomBytes } from 'node:crypto'
import { Kubectl, type Launcher } from './cluster/kubectl.ts'
import { imageOf } from './cluster/manifests.ts'
import { leftovers, ownNamespace } from './cluster/namespace.ts'
import type { Clock, Pace } from './cluster/pace.ts'
import { CannotRun, type Cluster, contextOf, looksLikeProduction, preflight } from './cluster/preflight.ts'
import { Removal } from './cluster/removal.ts'
import { RunObjects } from './cluster/run-objects.ts'
import type { Feature } from './feature.ts'
import { Lane } from './lane.ts'
import type { Options } from './options.ts'
import { proveFeatures } from './prove-features.ts'
import { exitCode } from './report/exit-code.ts'
import type { Progress } from './report/progress.ts'
import type { Ending, FeatureResult } from './report/result.ts'
import type { RunReport } from './report/run-report.ts'

/** What a run needs from outside: what to prove, access to the cluster, the clock, the user at the terminal. */
export interface RunOptions {
  options: Options
  features: readonly Feature[]
  launcher: Launcher
  /** The repository's k8s folder. */
  k8s: string
  clock: Clock
  pace: Pace
  /** Aborted by the first SIGINT or SIGTERM. */
  signal: AbortSignal
  /** Aborted by the second signal: all waiting stops. */
  leave: AbortSignal
  progress: Progress
  /** Asks the user at the terminal; undefined without a terminal. */
  confirm: ((question: string) => Promise<boolean>) | undefined
}

/** What is known about a run so far. Filled step by step, so that an interrupt loses nothing. */
interface Known {
  cluster: Cluster | undefined
  results: FeatureResult[]
  /** Why the run could not begin or continue. */
  reasons: string[]
}

/**
 * A whole run: connects, prepares the namespace, proves the features, cleans up. Never rejects because of the cluster.
 */
export async function run(given: RunOptions): Promise<RunReport> {
  const { options, features, clock, signal, progress } = given
  const id = randomBytes(3).toString('hex')
  const namespace = options.inNamespace ?? options.namespace ?? `prove-${id}`
  const startedAt = new Date()
  const startMs = clock.now()
  const known: Known = { cluster: undefined, results: [], reasons: [] }
  try {
    const { kubectl, cluster } = await connect(given, namespace)
    known.cluster = cluster
    await proveIn(namespace, { id, given, kubectl, cluster, known })
  } catch (error) {
    if (!signal.aborted) known.reasons.unshift(error instanceof Error ? error.message : String(error))
    if (options.verbose && error instanceof Error) progress.notes(error.stack ?? error.message)
  }
  const { results, reasons } = known
  if (signal.aborted) reasons.unshift(`Interrupted after ${results.length} of ${features.length} features.`)
  progress.stop()
  const ending: Ending = signal.aborted ? 'interrupted' : reasons.length > 0 ? 'could-not-run' : 'finished'
  return {
    startedAt,
    durationMs: clock.now() - startMs,
    ending,
    reason: reasons.join(' '),
    exitCode: exitCode(ending, results, new Set(options.require)),
    cluster: known.cluster && clusterRow(known.cluster),
    images: ['consumer', 'provider'].map((service) => imageOf(service, options)),
    namespace,
    seed: options.seed,
    results,
  }
}

/** Connects to the cluster and checks what it has. Throws a CannotRun for what is missing. */
async function connect(given: RunOptions, namespace: string): Promise<{ kubectl: Kubectl; cluster: Cluster }> {
  const { options, launcher, clock, pace, signal, progress } = given
  const bare = new Kubectl({
    launcher,
    context: undefined,
    clock,
    timeoutMs: pace.commandMs,
    signal,
    onCommand: (line) => {
      if (options.verbose) progress.notes(`$ ${line}`)
    },
  })
  const context = await contextOf(bare, options.context)
  progress.notes(`Context ${context}, namespace ${namespace}, seed ${options.seed}`)
  await confirmContext(context, given)
  const kubectl = bare.with({ context })
  progress.says('Looking at the cluster …')
  const cluster = await preflight(kubectl, context, namespace, options.inNamespace === undefined)
  progress.notes(`Kubernetes ${cluster.kubernetes}, Linkerd ${cluster.linkerd}, Gateway API ${cluster.gatewayApi}`)
  // A user with access to one namespace may have no right to list namespaces.
  for (const { name, isTerminating } of options.inNamespace === undefined ? await leftovers(kubectl) : []) {
    if (!isTerminating) progress.notes(`An earlier run has left the namespace ${name}: \`prove --clean\` removes it.`)
  }
  return { kubectl, cluster }
}

interface Proving {
  id: string
  given: RunOptions
  kubectl: Kubectl
  cluster: Cluster
  known: Known
}

/** Proves the features in a namespace, which is always removed at the end unless it is to be kept. */
async function proveIn(name: string, { id, given, kubectl, cluster, known }: Proving): Promise<void> {
  const { options, features, signal, leave, progress } = given
  const guest = options.inNamespace === undefined ? undefined : new RunObjects(name, id)
  const removal = options.keep
    ? undefined
    : new Removal({ kubectl, target: guest ?? ownNamespace(name, id), interrupted: signal, leave, says: progress.says })
  const lane = new Lane({ given, kubectl, cluster, name, run: id, guest, features })
  try {
    const [first] = features
    if (first === undefined) return
    progress.says('Starting the services …')
    const context = await lane.open(first)
    await proveFeatures(features, context, (result) => known.results.push(result))
  } finally {
    await lane.close()
    if (removal === undefined) progress.notes(kept(name, id, guest !== undefined))
    const left = await removal?.finish()
    if (left !== undefined) known.reasons.push(left)
  }
}

function kept(namespace: string, id: string, isGuest: boolean): string {
  return isGuest
    ? `Kept what the run has created in ${namespace}, with the label linkerd-scenario/run=${id}.`
    : `Kept the namespace ${namespace}: kubectl delete namespace ${namespace}`
}

function clusterRow({ context, server, kubernetes, linkerd, gatewayApi }: Cluster): NonNullable<RunReport['cluster']> {
  return { context, server, kubernetes, linkerd, gatewayApi }
}

async function confirmContext(context: string, { options, confirm }: RunOptions): Promise<void> {
  if (options.yes || !looksLikeProduction(context)) return
  const question = `The context ${context} looks like production. Make a namespace there and send traffic in it?`
  if (confirm !== undefined && (await confirm(question))) return
  throw new CannotRun(
    `The context ${context} looks like production: say --yes if it is meant, or name another --context.`,
  )
}
