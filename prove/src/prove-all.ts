import { join, resolve } from 'node:path'
import { ClusterLab } from './cluster/cluster-lab.ts'
import { keepEvidence } from './cluster/evidence.ts'
import type { Kubectl } from './cluster/kubectl.ts'
import { Manifests } from './cluster/manifests.ts'
import { CannotRun, type Cluster } from './cluster/preflight.ts'
import type { FeatureResult } from './engine/result.ts'
import { runFeatures } from './engine/run-features.ts'
import { BASE_WORKLOADS } from './features/index.ts'
import type { RunOptions } from './run-options.ts'

export interface ProveAllOptions {
  kubectl: Kubectl
  namespace: string
  given: RunOptions
  cluster: Cluster
  /** Filled as features end, so that an interrupt loses none. */
  results: FeatureResult[]
  takeCommands: () => readonly string[]
}

/** Sets the lab up in the namespace, proves the features, and ends what it has started on this machine. */
export async function proveAll({
  kubectl,
  namespace,
  given,
  cluster,
  results,
  takeCommands,
}: ProveAllOptions): Promise<void> {
  const { options, features, k8s, clock, pace, signal, progress } = given
  const folder = resolve(options.out, namespace)
  const needed = new Set(features.flatMap(({ workloads }) => Object.keys(workloads)))
  const manifests = new Manifests({
    k8s,
    folder: join(folder, 'manifests'),
    workloads: [...needed].filter((name) => !BASE_WORKLOADS.includes(name)).sort(),
    image: (service) => imageOf(service, options),
    kubectl,
  })
  const lab = new ClusterLab({ namespace, kubectl, manifests, clock, pace, signal, seed: options.seed })
  try {
    progress.says('Starting the services …')
    try {
      await lab.setUp()
      await lab.workloads.settled(lab.workloads.names.filter((name) => name !== 'provider-v2'))
      await refuseUnmeshed(lab, cluster)
    } catch (error) {
      signal.throwIfAborted()
      // The namespace goes, and with it whatever shows why.
      const evidence = await keepEvidence(kubectl, lab, join(folder, 'set-up'), BASE_WORKLOADS).catch(() => undefined)
      const where = evidence === undefined ? '' : ` Logs and events: ${evidence}`
      throw new CannotRun(`${error instanceof Error ? error.message : String(error)}${where}`, { cause: error })
    }
    await runFeatures(
      features,
      {
        lab,
        lacks: cluster.lacks,
        keepEvidence: (feature) =>
          keepEvidence(kubectl, lab, join(folder, feature.name), Object.keys(feature.workloads)),
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
    await lab.close()
  }
}

/** `consumer` → `ghcr.io/me/consumer:1.0` */
export function imageOf(service: string, { registry, tag }: { registry: string | undefined; tag: string }): string {
  return `${registry === undefined ? '' : `${registry.replace(/\/+$/, '')}/`}${service}:${tag}`
}

/** One sentence where no pod has a proxy, instead of a failure of every feature. */
async function refuseUnmeshed(lab: ClusterLab, { linkerd }: Cluster): Promise<void> {
  const pods = (await Promise.all(BASE_WORKLOADS.map((workload) => lab.workloads.known(workload)))).flat()
  if (pods.length === 0 || pods.some(({ proxy }) => proxy !== undefined)) return
  throw new CannotRun(
    `The pods are not meshed: Linkerd ${linkerd} is installed, but its injector has put a proxy into none of them. See \`kubectl get events -n ${lab.namespace}\`, \`kubectl -n linkerd get pods -l linkerd.io/control-plane-component=proxy-injector\` and \`linkerd check\`.`,
  )
}
