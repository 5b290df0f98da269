import { join, resolve } from 'node:path'
import { keepEvidence } from './cluster/evidence.ts'
import type { Kubectl } from './cluster/kubectl.ts'
import { KubectlNamespace } from './cluster/kubectl-namespace.ts'
import { Manifests } from './cluster/manifests.ts'
import { CannotRun, type Cluster } from './cluster/preflight.ts'
import { BASE_WORKLOADS } from './features/index.ts'
import type { FeatureResult } from './report/result.ts'
import { runFeatures } from './run-features.ts'
import type { RunOptions } from './run-options.ts'

export interface ProveAllOptions {
  kubectl: Kubectl
  name: string
  given: RunOptions
  cluster: Cluster
  /** Filled as features end, so that an interrupt loses none. */
  results: FeatureResult[]
  takeCommands: () => readonly string[]
}

/** Sets the workloads up in the namespace, proves the features, and ends what it has started on this machine. */
export async function proveAll({
  kubectl,
  name,
  given,
  cluster,
  results,
  takeCommands,
}: ProveAllOptions): Promise<void> {
  const { options, features, k8s, clock, pace, signal, progress } = given
  const folder = resolve(options.out, name)
  const needed = new Set(features.flatMap(({ workloads }) => Object.keys(workloads)))
  const manifests = new Manifests({
    k8s,
    folder: join(folder, 'manifests'),
    workloads: [...needed].filter((workload) => !BASE_WORKLOADS.includes(workload)).sort(),
    image: (service) => imageOf(service, options),
    kubectl,
  })
  const namespace = new KubectlNamespace({ name, kubectl, manifests, clock, pace, signal, seed: options.seed })
  try {
    progress.says('Starting the services …')
    try {
      await namespace.setUp()
      await namespace.workloads.settled(namespace.workloads.names.filter((workload) => workload !== 'provider-v2'))
      await refuseUnmeshed(namespace, cluster)
    } catch (error) {
      signal.throwIfAborted()
      // The namespace goes, and with it whatever shows why.
      const evidence = await keepEvidence(kubectl, namespace, join(folder, 'set-up'), BASE_WORKLOADS).catch(
        () => undefined,
      )
      const where = evidence === undefined ? '' : ` Logs and events: ${evidence}`
      throw new CannotRun(`${error instanceof Error ? error.message : String(error)}${where}`, { cause: error })
    }
    await runFeatures(
      features,
      {
        namespace,
        lacks: cluster.lacks,
        keepEvidence: (feature) =>
          keepEvidence(kubectl, namespace, join(folder, feature.name), Object.keys(feature.workloads)),
        takeCommands,
      },
      {
        ...progress,
        ends: (result) => {
          results.push(result)
          progress.ends(result)
        },
      },
    )
  } finally {
    await namespace.close()
  }
}

/** `consumer` → `ghcr.io/me/consumer:1.0` */
export function imageOf(service: string, { registry, tag }: { registry: string | undefined; tag: string }): string {
  return `${registry === undefined ? '' : `${registry.replace(/\/+$/, '')}/`}${service}:${tag}`
}

/** One sentence where no pod has a proxy, instead of a failure of every feature. */
async function refuseUnmeshed(namespace: KubectlNamespace, { linkerd }: Cluster): Promise<void> {
  const pods = (await Promise.all(BASE_WORKLOADS.map((workload) => namespace.workloads.known(workload)))).flat()
  if (pods.length === 0 || pods.some(({ proxy }) => proxy !== undefined)) return
  throw new CannotRun(
    `The pods are not meshed: Linkerd ${linkerd} is installed, but its injector has put a proxy into none of them. See \`kubectl get events -n ${namespace.name}\`, \`kubectl -n linkerd get pods -l linkerd.io/control-plane-component=proxy-injector\` and \`linkerd check\`.`,
  )
}
