import type { Need } from '../feature.ts'
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

/** The context that kubectl would use. Throws a CannotRun if there is no kubectl or no context. */
export async function contextOf(kubectl: Kubectl, wanted: string | undefined): Promise<string> {
  if (wanted !== undefined) {
    const known = (await guarded(() => kubectl.run(['config', 'get-contexts', '-o', 'name']))).split('\n')
    if (known.includes(wanted)) return wanted
    throw new CannotRun(`There is no context ${wanted}. \`kubectl config get-contexts\` lists those there are.`)
  }
  try {
    return (await guarded(() => kubectl.run(['config', 'current-context']))).trim()
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error
    throw new CannotRun(
      'kubectl has no current context: choose one with --context or `kubectl config use-context`, or make a cluster, e.g. `kind create cluster`.',
    )
  }
}

/** For a namespace of the run's own. */
const NAMESPACE_RIGHTS: readonly Right[] = [
  ['create', 'namespaces'],
  ['delete', 'namespaces'],
  ['list', 'namespaces'],
]

type Right = readonly [verb: string, resource: string]

const RIGHTS: readonly Right[] = [
  ['list', 'customresourcedefinitions'],
  ['create', 'deployments.apps'],
  ['patch', 'deployments.apps'],
  ['list', 'pods'],
  ['create', 'pods/portforward'],
  ['create', 'pods/exec'],
]

/**
 * Checks what a run needs from the cluster; `isOwn`: in a namespace of its own. Throws a CannotRun that names all
 * missing rights, or else the first problem found.
 */
export async function preflight(kubectl: Kubectl, context: string, namespace: string, isOwn = true): Promise<Cluster> {
  const server = await guarded(() =>
    kubectl.run(['config', 'view', '--minify', '-o', 'jsonpath={.clusters[0].cluster.server}']),
  )
  const kubernetes = await serverVersion(kubectl, context)
  await refuseMissingRights(kubectl, namespace, isOwn ? [...NAMESPACE_RIGHTS, ...RIGHTS] : RIGHTS)
  const crds = await customResources(kubectl)
  const control = await controlPlane(kubectl)
  return {
    context,
    server: server.trim(),
    kubernetes,
    linkerd: control.version,
    controlPlane: control.namespace,
    gatewayApi: crds.get('httproutes.gateway.networking.k8s.io') ?? 'none',
    lacks: (need) => lackOf(need, crds, control.version),
  }
}

function lackOf(need: Need, crds: ReadonlyMap<string, string>, linkerd: string): string | undefined {
  if ('crd' in need) return crds.has(need.crd) ? undefined : `The cluster has no ${need.crd}: ${need.from}`
  const { since, what } = need
  if (isSince(linkerd, since)) return undefined
  return `Linkerd has ${what} since ${since.edge} and ${since.release}, and this is ${linkerd}: upgrade Linkerd`
}

async function serverVersion(kubectl: Kubectl, context: string): Promise<string> {
  try {
    const { serverVersion } = await kubectl.json<{ serverVersion?: { gitVersion: string } }>(['version'])
    if (serverVersion !== undefined) return serverVersion.gitVersion
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error
    throw new CannotRun(
      `The cluster of context ${context} does not answer: ${error.stderr.trim().split('\n').at(-1)}. Is it running? \`kubectl --context ${context} version\``,
    )
  }
  throw new CannotRun(`The cluster of context ${context} does not tell its version`)
}

async function refuseMissingRights(kubectl: Kubectl, namespace: string, rights: readonly Right[]): Promise<void> {
  const answers = await Promise.all(rights.map(([verb, what]) => mayDo(kubectl, verb, what, namespace)))
  const missing = rights.filter((_, index) => !answers[index]).map(([verb, what]) => `${verb} ${what}`)
  const [first] = missing
  if (first === undefined) return
  throw new CannotRun(
    `You may not ${missing.join(', ')} here, which a run needs. Ask for a role that allows it; \`kubectl auth can-i ${first} -n ${namespace}\` tells when you have it.`,
  )
}

async function mayDo(kubectl: Kubectl, verb: string, what: string, namespace: string): Promise<boolean> {
  const answer = await kubectl.run(['auth', 'can-i', verb, what, '-n', namespace]).catch((error: unknown) => {
    // `no` comes with exit code 1, and so does every failure of the API.
    if (error instanceof KubectlError && error.stdout.startsWith('no')) return 'no'
    throw error
  })
  return answer.trim().startsWith('yes')
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

async function guarded<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new CannotRun(
      'There is no kubectl on the path: https://kubernetes.io/docs/tasks/tools/ says how to get it, or name it in the variable KUBECTL.',
    )
  }
}
