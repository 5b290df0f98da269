import { randomBytes } from 'node:crypto'
import { Kubectl } from './cluster/kubectl.ts'
import { createNamespace, deleteNamespace, leftovers } from './cluster/namespace.ts'
import { CannotRun, type Cluster, contextOf, looksLikeProduction, preflight } from './cluster/preflight.ts'
import { imageOf, proveAll } from './prove-all.ts'
import { exitCode } from './report/exit-code.ts'
import type { Ending, FeatureResult } from './report/result.ts'
import type { RunReport } from './report/run-report.ts'
import type { RunOptions } from './run-options.ts'

/** Longest time for the namespace to go, ms. Its own, so that an interrupt does not cut the cleaning up short. */
const CLEANUP_MS = 120_000

/** A whole run: looks, sets up, proves, cleans up. Never rejects for what a cluster does. */
export async function run(given: RunOptions): Promise<RunReport> {
  const { options, features, launcher, clock, pace, signal, progress } = given
  const id = randomBytes(3).toString('hex')
  const own = { id, name: options.namespace ?? `prove-${id}` }
  const commands: string[] = []
  const kubectlOf = (context: string | undefined) =>
    new Kubectl({
      launcher,
      context,
      clock,
      timeoutMs: pace.commandMs,
      signal,
      onCommand: (line) => {
        commands.push(line)
        if (options.verbose) progress.notes(`$ ${line}`)
      },
    })
  const startedAt = new Date()
  const startMs = clock.now()
  const results: FeatureResult[] = []
  const reasons: string[] = []
  let cluster: Cluster | undefined
  try {
    const context = await contextOf(kubectlOf(undefined), options.context)
    progress.notes(`Context ${context}, namespace ${own.name}, seed ${options.seed}`)
    await mayTouch(context, given)
    const kubectl = kubectlOf(context)
    progress.says('Looking at the cluster …')
    cluster = await preflight(kubectl, context, own.name)
    progress.notes(`Kubernetes ${cluster.kubernetes}, Linkerd ${cluster.linkerd}, Gateway API ${cluster.gatewayApi}`)
    for (const left of await leftovers(kubectl)) {
      progress.notes(`An earlier run has left the namespace ${left}: kubectl delete namespace ${left}`)
    }
    try {
      await createNamespace(kubectl, own)
      await proveAll({
        kubectl,
        name: own.name,
        given,
        cluster,
        results,
        takeCommands: () => withoutRepeats(commands.splice(0)),
      })
    } finally {
      if (options.keep) progress.notes(`Kept the namespace ${own.name}: kubectl delete namespace ${own.name}`)
      else {
        progress.says(`Removing the namespace ${own.name} …`)
        await deleteNamespace(kubectl.under(new AbortController().signal), own, CLEANUP_MS).catch((error: unknown) => {
          reasons.push(
            `The namespace ${own.name} could not be removed: ${String(error)}. kubectl delete namespace ${own.name}`,
          )
        })
      }
    }
  } catch (error) {
    if (!signal.aborted) reasons.unshift(error instanceof Error ? error.message : String(error))
    if (options.verbose && error instanceof Error) progress.notes(error.stack ?? error.message)
  }
  if (signal.aborted) reasons.unshift(`Interrupted after ${results.length} of ${features.length} features`)
  progress.stop()
  const ending: Ending = signal.aborted ? 'interrupted' : reasons.length > 0 ? 'could-not-run' : 'finished'
  return {
    startedAt,
    durationMs: clock.now() - startMs,
    ending,
    reason: reasons.join(' '),
    exitCode: exitCode(ending, results, new Set(options.require)),
    cluster: cluster && rowOf(cluster),
    images: ['consumer', 'provider'].map((service) => imageOf(service, options)),
    namespace: own.name,
    seed: options.seed,
    results,
  }
}

/** Waiting looks at the same thing again and again: once is enough for who repeats it by hand. */
function withoutRepeats(commands: readonly string[]): string[] {
  return commands.filter((command, index) => command !== commands[index - 1])
}

function rowOf({ context, server, kubernetes, linkerd, gatewayApi }: Cluster): NonNullable<RunReport['cluster']> {
  return { context, server, kubernetes, linkerd, gatewayApi }
}

async function mayTouch(context: string, { options, confirm }: RunOptions): Promise<void> {
  if (options.yes || !looksLikeProduction(context)) return
  const question = `The context ${context} looks like production. Make a namespace there and send traffic in it?`
  if (confirm !== undefined && (await confirm(question))) return
  throw new CannotRun(
    `The context ${context} looks like production: say --yes if it is meant, or name another --context.`,
  )
}
