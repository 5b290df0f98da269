import type { Need } from '../feature.ts'
import { checkOf, missingRights, type Right, textOf } from './access-review.ts'
import { type Kubectl, KubectlError } from './kubectl.ts'
import type { DeploymentObject, List } from './kubernetes-types.ts'
import { isSince } from './linkerd-version.ts'

/** The run cannot begin. The message says what is missing and what to do. */
export class CannotRun extends Error {}

/** What the preflight found in the cluster. */
export interface Cluster {
  context: string
  server: string
  kubernetes: string
  /** Version of kubectl itself. */
  kubectl: string
  /** Version of the control plane. */
  linkerd: string
  gatewayApi: string
  /** Namespace of the control plane. */
  controlPlane: string
  /** Why a need cannot be met; undefined if it can. */
  lacks: (need: Need) => string | undefined
}

const PRODUCTION = /(^|[^a-z])(prod|production|live|prd)([^a-z]|$)/i

/** Whether the name of a context suggests that other people depend on the cluster. */
export function looksLikeProduction(context: string): boolean {
  return PRODUCTION.test(context)
}

/** A context of the kubeconfig and the API server behind it. */
export interface Context {
  context: string
  server: string
}

/** The parts of `kubectl config view` that are read. */
interface KubeConfig {
  'current-context'?: string
  contexts?: { name: string; context: { cluster: string } }[] | null
  clusters?: { name: string; cluster: { server: string } }[] | null
}

/** The context that kubectl would use. Throws a CannotRun if there is no kubectl or no context. */
export async function contextOf(kubectl: Kubectl, wanted: string | undefined): Promise<Context> {
  const config = await withKubectl(() => kubectl.json<KubeConfig>(['config', 'view']))
  const context = wanted ?? config['current-context'] ?? ''
  if (context === '') {
    throw new CannotRun(
      'kubectl has no current context: choose one with --context or `kubectl config use-context`, or make a cluster, e.g. `kind create cluster`.',
    )
  }
  const found = config.contexts?.find(({ name }) => name === context)
  if (found === undefined)
    throw new CannotRun(`There is no context ${context}. \`kubectl config get-contexts\` lists those there are.`)
  const cluster = config.clusters?.find(({ name }) => name === found.context.cluster)
  return { context, server: cluster?.cluster.server ?? 'unknown' }
}

const CRDS = 'customresourcedefinitions.apiextensions.k8s.io'

/**
 * Checks what a run needs from the cluster, and whether the user has these rights. Throws a CannotRun that names all
 * missing rights, or else the first problem found.
 */
export async function preflight(
  kubectl: Kubectl,
  { context, server }: Context,
  rights: readonly Right[],
): Promise<Cluster> {
  const versions = await versionsOf(kubectl, context)
  const missing = await missingRights(kubectl, rights)
  if (missing.some(({ resource }) => resource === CRDS)) throw lacking(missing)
  const [crds, control] = await Promise.all([customResources(kubectl), controlPlane(kubectl)])
  // A kind that the cluster does not have needs no right: its features are skipped.
  const needed = missing.filter(({ resource, isCustom }) => !isCustom || crds.has(resource))
  if (needed.length > 0) throw lacking(needed)
  return {
    context,
    server,
    ...versions,
    linkerd: control.version,
    controlPlane: control.namespace,
    gatewayApi: crds.get('httproutes.gateway.networking.k8s.io') ?? 'none',
    lacks: (need) => lackOf(need, crds, control.version),
  }
}

function lacking(missing: readonly Right[]): CannotRun {
  const [first] = missing
  const check = first === undefined ? '' : `; \`${checkOf(first)}\` tells when you have it`
  return new CannotRun(
    `You may not ${textOf(missing)}, which a run needs. \`prove --print-rbac\` prints a role that allows it${check}.`,
  )
}

function lackOf(need: Need, crds: ReadonlyMap<string, string>, linkerd: string): string | undefined {
  if ('crd' in need) return crds.has(need.crd) ? undefined : `The cluster has no ${need.crd}: ${need.from}`
  const { since, what } = need
  if (isSince(linkerd, since)) return undefined
  return `Linkerd has ${what} since ${since.edge} and ${since.release}, and this is ${linkerd}: upgrade Linkerd`
}

/** The parts of `kubectl version` that are read. */
type Versions = Partial<Record<'clientVersion' | 'serverVersion', { gitVersion: string }>>

async function versionsOf(kubectl: Kubectl, context: string): Promise<Pick<Cluster, 'kubernetes' | 'kubectl'>> {
  try {
    const { clientVersion, serverVersion } = await kubectl.json<Versions>(['version'])
    if (serverVersion !== undefined)
      return { kubernetes: serverVersion.gitVersion, kubectl: clientVersion?.gitVersion ?? 'unknown' }
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error
    throw new CannotRun(
      `The cluster of context ${context} does not answer: ${error.stderr.trim().split('\n').at(-1)}. Is it running? \`kubectl --context ${context} version\``,
    )
  }
  throw new CannotRun(`The cluster of context ${context} does not tell its version`)
}

async function controlPlane(kubectl: Kubectl): Promise<{ version: string; namespace: string }> {
  const { items } = await kubectl.json<List<DeploymentObject>>([
    'get',
    'deployments',
    '-A',
    '-l',
    'linkerd.io/control-plane-component',
  ])
  for (const component of ['linkerd-destination', 'linkerd-proxy-injector']) {
    const deployment = items.find(({ metadata }) => metadata.name === component)
    if (deployment === undefined) {
      throw new CannotRun(
        `The cluster has no ${component}: install Linkerd, \`linkerd install --crds | kubectl apply -f -\` and \`linkerd install | kubectl apply -f -\`, then \`linkerd check\`.`,
      )
    }
    if ((deployment.status?.readyReplicas ?? 0) === 0) {
      throw new CannotRun(`${component} has no ready pod: \`linkerd check\` says what is wrong with the control plane.`)
    }
  }
  const version =
    items[0]?.metadata.labels?.['app.kubernetes.io/version'] ??
    items[0]?.spec.template.metadata.annotations?.['linkerd.io/proxy-version'] ??
    'unknown'
  return { version, namespace: items[0]?.metadata.namespace ?? 'linkerd' }
}

/** Custom resource definitions with the Gateway API bundle version that they came in. */
async function customResources(kubectl: Kubectl): Promise<Map<string, string>> {
  const template =
    '{range .items[*]}{.metadata.name}{" "}{.metadata.annotations.gateway\\.networking\\.k8s\\.io/bundle-version}{"\\n"}{end}'
  const text = await kubectl.run(['get', 'customresourcedefinitions', '-o', `jsonpath=${template}`])
  const rows = text.split('\n').filter((line) => line !== '')
  return new Map(
    rows.map((line) => {
      const [name = '', version = ''] = line.split(' ')
      return [name, version === '' ? 'unknown' : version]
    }),
  )
}

/** Runs commands of kubectl. Rejects with a CannotRun that says how to get kubectl if there is none. */
export async function withKubectl<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new CannotRun(
      'There is no kubectl on the path: https://kubernetes.io/docs/tasks/tools/ says how to get it, or name it in the variable KUBECTL.',
    )
  }
}
