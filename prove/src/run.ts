import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import { NamedFiles } from './by-hand/named-files.ts'
import { type ByHandReport, byHandReport } from './by-hand/set-up.ts'
import { announcements, announcing } from './cluster/announcing.ts'
import { Kubectl } from './cluster/kubectl.ts'
import { imageOf, Manifests } from './cluster/manifests.ts'
import { leftovers, ownNamespaces } from './cluster/namespace.ts'
import { imageFacts, type PodImage } from './cluster/pod-images.ts'
import { type Cluster, contextOf, preflight } from './cluster/preflight.ts'
import { Removal, type RemovalResult, type RemovalTarget } from './cluster/removal.ts'
import { resourceFor, rightsFor } from './cluster/roles.ts'
import { cleanCommand, RUN_LABEL, RunObjects } from './cluster/run-objects.ts'
import { confirmContext } from './confirm-context.ts'
import { roughly } from './expectations/wording.ts'
import type { Feature } from './feature.ts'
import { batchesOf } from './lanes/batches.ts'
import { forecastS } from './lanes/forecast.ts'
import { Lane, laneNamespace } from './lanes/lane.ts'
import { laneCount } from './lanes/lane-count.ts'
import { proveInLanes } from './lanes/prove-in-lanes.ts'
import { QuietGate } from './lanes/quiet-gate.ts'
import { exitCode } from './report/exit-code.ts'
import type { Ending, FeatureResult } from './report/result.ts'
import type { RunReport } from './report/run-report.ts'
import type { RunOptions } from './run-options.ts'

/** What is known about a run so far. Filled step by step, so that an interrupt loses nothing. */
interface Known {
  cluster: Cluster | undefined
  /** Those of the lanes that were opened. */
  namespaces: string[]
  results: FeatureResult[]
  removal: RemovalResult | undefined
  /** Of the pods that were there in the end. */
  images: PodImage[]
  byHand: ByHandReport | undefined
  /** Why the run could not begin or continue. */
  reasons: string[]
}

const NOTHING = { cluster: undefined, removal: undefined, byHand: undefined }

/**
 * A whole run: connects, prepares the namespaces, proves the features, cleans up. Never rejects because of the cluster.
 */
export async function run(given: RunOptions): Promise<RunReport> {
  const { options, features, clock, signal, progress } = given
  const id = randomBytes(3).toString('hex')
  const namespace = options.inNamespace ?? options.namespace ?? `prove-${id}`
  const startedAt = new Date()
  const startMs = clock.now()
  const known: Known = { ...NOTHING, namespaces: [], results: [], images: [], reasons: [] }
  try {
    const { kubectl, cluster, manifests } = await connect(given, id, namespace)
    known.cluster = cluster
    if (features.length > 0) {
      const namespaces = await namespacesOf(namespace, kubectl, given)
      await proveIn(namespaces, { id, given, kubectl, cluster, manifests, known })
    }
  } catch (error) {
    if (!signal.aborted) known.reasons.unshift(error instanceof Error ? error.message : String(error))
    if (options.verbose && error instanceof Error) progress.notes(error.stack ?? error.message)
  }
  const results = inOrder(known.results, features)
  if (signal.aborted) known.reasons.unshift(`Interrupted after ${results.length} of ${features.length} features.`)
  progress.stop()
  const ending: Ending = signal.aborted ? 'interrupted' : known.reasons.length > 0 ? 'could-not-run' : 'finished'
  return {
    startedAt,
    durationMs: clock.now() - startMs,
    ending,
    reason: known.reasons.join(' '),
    exitCode: exitCode(ending, results, new Set(options.require)),
    cluster: known.cluster && clusterRow(known.cluster),
    images: ['consumer', 'provider'].map((service) => imageOf(service, options)),
    kubectl: known.cluster?.kubectl,
    ...imageFacts(known.images),
    byHand: known.byHand,
    namespace,
    namespaces: known.namespaces,
    removal: known.removal?.removed,
    seed: options.seed,
    results,
  }
}

/** In the order of the features, whichever lane was first. */
function inOrder(results: readonly FeatureResult[], features: readonly Feature[]): FeatureResult[] {
  const names = features.map(({ name }) => name)
  return results.toSorted((a, b) => names.indexOf(a.feature) - names.indexOf(b.feature))
}

/** A cluster that has what a run needs, and the way to it. */
interface Connection {
  kubectl: Kubectl
  cluster: Cluster
  manifests: Manifests
}

/** Connects to the cluster and checks what it has. Throws a CannotRun for what is missing. */
async function connect(given: RunOptions, id: string, namespace: string): Promise<Connection> {
  const { options, features, launcher, k8s, clock, pace, signal, progress } = given
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
  const { context, server } = await contextOf(announced(bare, given), options.context)
  progress.notes(`Context ${context}, namespace ${namespace}, seed ${options.seed}`)
  await confirmContext(context, 'Make a namespace there and send traffic in it?', given)
  const kubectl = bare.with({ context })
  const asking = announced(kubectl, given)
  progress.says('Looking at the cluster …')
  const folder = join(resolve(options.out, namespace), 'manifests')
  const manifests = new Manifests({ k8s, folder, features, images: options, run: id, kubectl })
  const objects = await announcements(pace.quietMs, progress.notes).during('kubectl to render the manifests', () =>
    manifests.renderAll(),
  )
  const rights = rightsFor(objects.map(resourceFor), options, namespace)
  const cluster = await preflight(asking, { context, server }, rights)
  progress.notes(`Kubernetes ${cluster.kubernetes}, Linkerd ${cluster.linkerd}, Gateway API ${cluster.gatewayApi}`)
  // A user with access to one namespace may have no right to list namespaces.
  if (options.inNamespace === undefined) await tellOthers(asking, given)
  return { kubectl, cluster, manifests }
}

/** Names the namespaces of other runs. Whether these are over cannot be seen. */
async function tellOthers(kubectl: Kubectl, { progress }: RunOptions): Promise<void> {
  const names = (await leftovers(kubectl)).flatMap(({ name, isTerminating }) => (isTerminating ? [] : [name]))
  if (names.length === 0) return
  progress.notes(
    `Other runs have made ${names.join(', ')}. When none is going on any longer, \`prove --clean\` removes what they have left; it would end one that is.`,
  )
}

/** Announces slow commands. Those of lanes announce themselves, each with the lane's name. */
function announced(kubectl: Kubectl, { pace, progress }: RunOptions): Kubectl {
  return announcing(kubectl, pace.quietMs, progress.notes)
}

/** A namespace for each lane. */
async function namespacesOf(first: string, kubectl: Kubectl, given: RunOptions): Promise<string[]> {
  const { options, features, signal, progress } = given
  const { lanes, why } = await laneCount(options, features, announced(kubectl, given), signal)
  progress.plans(features)
  progress.notes(
    `${lanes} ${lanes === 1 ? 'lane' : 'lanes'}: ${why}. This takes about ${roughly(forecastS(batchesOf(features), lanes))}.`,
  )
  return Array.from({ length: lanes }, (_, index) => laneNamespace(first, index))
}

interface Proving extends Connection {
  id: string
  given: RunOptions
  known: Known
}

/** Proves the features in namespaces, which are always removed at the end unless they are to be kept. */
async function proveIn(names: readonly string[], proving: Proving): Promise<void> {
  const { id, given, kubectl, known } = proving
  const { options, features, progress } = given
  const [first = ''] = names
  const guest = options.inNamespace === undefined ? undefined : new RunObjects(first, id)
  const removal = options.keep ? undefined : removalOf(guest ?? ownNamespaces(names, id), kubectl, given)
  const gate = new QuietGate()
  progress.says('Starting the services …')
  const files = new NamedFiles()
  const shared = { ...proving, run: id, guest, gate, byHand: { namespace: first, files } }
  const lanes = names.map((name) => new Lane({ ...shared, name, isOnly: names.length === 1 }))
  try {
    known.namespaces = await proveInLanes(lanes, features, {
      onResult: (result) => known.results.push(result),
      onLost: (lane, { message }) =>
        progress.notes(`The run went on without ${lane}, which could not start: ${message}`),
    })
  } finally {
    progress.stop()
    known.images = lanes.flatMap(({ images }) => images)
    known.byHand = byHandReport(first, guest === undefined, files.texts)
    await Promise.all(lanes.map((lane) => lane.close()))
    if (removal === undefined) progress.tells(kept(names, id, guest !== undefined))
    known.removal = removal === undefined ? { removed: 'kept' } : await removal.finish()
    if (known.removal.open !== undefined) known.reasons.push(known.removal.open)
  }
}

function removalOf(target: RemovalTarget, bare: Kubectl, given: RunOptions): Removal {
  const { options, signal, leave, progress } = given
  const kubectl = announced(bare, given)
  return new Removal({ kubectl, target, waits: options.wait, interrupted: signal, leave, says: progress.notes })
}

function kept(namespaces: readonly string[], id: string, isGuest: boolean): string {
  return isGuest
    ? `Kept what the run has created in ${namespaces.join()}, with the label ${RUN_LABEL}=${id}: \`${cleanCommand(namespaces.join())}\` removes it.`
    : `Kept ${namespaces.join(', ')}: kubectl delete namespace ${namespaces.join(' ')}`
}

function clusterRow({ context, server, kubernetes, linkerd, gatewayApi }: Cluster): NonNullable<RunReport['cluster']> {
  return { context, server, kubernetes, linkerd, gatewayApi }
}
