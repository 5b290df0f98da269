import { readFile } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import type { StandInPod } from '../pod.ts'
import type { Applied } from '../proxy/policies/policies.ts'
import type { StandInCluster } from '../stand-in-cluster.ts'
import { get, isSelected, namesBy, objectsOf, refusalToList } from './get.ts'
import { type ParsedCommand, parseCommand } from './parse-command.ts'
import { failed, json, type Result, run, text } from './result.ts'
import type { Surroundings } from './surroundings.ts'

interface Command extends ParsedCommand {
  input: string | undefined
}

type Verb = (cluster: StandInCluster, command: Command, surroundings: Surroundings) => Result | Promise<Result>

/** Answers the kubectl commands of the prover and of the live page, against a stand-in cluster. */
export async function kubectl(
  cluster: StandInCluster,
  surroundings: Surroundings,
  argv: readonly string[],
  input: string | undefined,
): Promise<Result> {
  const command = parseCommand(argv)
  const verb = VERBS[command.args[0] ?? '']
  if (verb === undefined) return failed(`the stand-in knows no ${command.args.join(' ')}`)
  try {
    return await verb(cluster, { ...command, input }, surroundings)
  } catch (error) {
    return failed(`Error from server (NotFound): ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The output of a port-forward: it names the pod's real ports, which are on this machine already. */
export function forwarded(cluster: StandInCluster, argv: readonly string[]): string[] | undefined {
  const { args, namespace, named } = parseCommand(argv)
  const name = named('pod')
  const pod = cluster.namespaces.has(namespace) ? cluster.pods(namespace).find((one) => one.name === name) : undefined
  if (pod === undefined) return undefined
  const { proxyAdminPort } = cluster.behaviour
  const ports = args.filter((arg) => arg.startsWith(':')).map((arg) => Number(arg.slice(1)))
  return ports.map((port) => {
    const real = port === proxyAdminPort ? pod.proxyAdminPort : pod.adminPort
    return `Forwarding from 127.0.0.1:${real} -> ${port}`
  })
}

const VERBS: Readonly<Record<string, Verb>> = {
  config: (_cluster, _command, { context = '' }) =>
    json({
      'current-context': context,
      contexts: context === '' ? null : [{ name: context, context: { cluster: 'stand-in' } }],
      clusters: [{ name: 'stand-in', cluster: { server: 'https://127.0.0.1:6443' } }],
    }),
  version: () => json({ clientVersion: { gitVersion: 'v1.35.2' }, serverVersion: { gitVersion: 'v1.36.1' } }),
  kustomize: (_cluster, { args }) => kustomize(args[1] ?? ''),
  create: (cluster, { input }, { forbidden }) => {
    const object = parse(input ?? '') as CreatedNamespace | AccessReviews
    if ('items' in object) return text(object.items.map((item) => `${!forbidden.includes(rightIn(item))}\n`).join(''))
    const { metadata } = object
    if (cluster.createNamespace(metadata.name, metadata.labels)) return text('created\n')
    return failed(`Error from server (AlreadyExists): namespaces "${metadata.name}" already exists`)
  },
  apply: async (cluster, { namespace, flag }, surroundings) => {
    if (surroundings.refusesApply !== undefined) return failed(surroundings.refusesApply)
    const manifest = await manifests(flag)
    cluster.apply(namespace, manifest)
    return flag('-o') === 'json' ? json(applied(cluster, surroundings, namespace, manifest)) : text('configured\n')
  },
  delete: async (cluster, { args, namespace, flag }, surroundings) => {
    if (args[1] === 'namespace') {
      const gone = Promise.all(namesBy(cluster, flag('-l')).map((name) => cluster.deleteNamespace(name)))
      if (!args.includes('--wait=false')) await gone
    } else if (flag('-l') !== undefined) {
      const resources = (args[1] ?? '').split(',')
      const refusal = refusalToList(surroundings, resources)
      if (refusal !== undefined) return failed(refusal)
      cluster.deleteAll(namespace, resources, ({ metadata }) => isSelected(metadata.labels, flag('-l')))
    } else cluster.delete(namespace, await manifests(flag))
    return text('deleted\n')
  },
  wait: async (cluster, { named }) => {
    await cluster.deleteNamespace(named('namespace') ?? '')
    return text('deleted\n')
  },
  get: (cluster, { args: [, what = '', which = ''], namespace, flag }, surroundings) => {
    if (what === 'pods' && flag('-o') === 'name') return podNames(cluster, namespace, flag('-l'))
    return get(cluster, surroundings, { what, which, namespace, selector: flag('-l') })
  },
  scale: (cluster, { args, namespace }) => {
    const replicas = args.find((arg) => arg.startsWith('--replicas='))?.slice('--replicas='.length)
    for (const arg of args)
      if (arg.startsWith('deployment/')) deploymentOf(cluster, namespace, arg).scale(Number(replicas))
    return text('scaled\n')
  },
  rollout: (cluster, { args, namespace }) => {
    for (const arg of args) if (arg.startsWith('deployment/')) deploymentOf(cluster, namespace, arg).restart()
    return text('restarted\n')
  },
  exec: (cluster, { args, namespace }) => {
    const [kind, workload] = (args.find((arg) => /^(deploy|pod)\//.test(arg)) ?? '').split('/')
    const pod = cluster
      .pods(namespace)
      .find(({ name, options }) => workload === (kind === 'pod' ? name : options.deployment))
    if (pod === undefined) return failed(`no pod of ${workload}`)
    const [, ...command] = args.slice(args.indexOf('--') + 1)
    return run(
      process.execPath,
      command.map((word) => withRealPorts(word, pod)),
      pod.environment,
    )
  },
  logs: () => text(''),
}

/** The text of `-f FILE` or `-k FOLDER`. */
async function manifests(flag: Command['flag']): Promise<string> {
  const folder = flag('-k')
  if (folder === undefined) return readFile(flag('-f') ?? '', 'utf8')
  const { code, stdout, stderr } = await run('kubectl', ['kustomize', folder], {})
  if (code !== 0) throw new Error(stderr)
  return stdout
}

/** The pods with a label, as `-o name` prints them. */
function podNames(cluster: StandInCluster, namespace: string, selector = ''): Result {
  const selected = cluster
    .pods(namespace)
    .filter(({ options }) => isSelected(options.template.metadata.labels, selector))
  return text(selected.map(({ name }) => `pod/${name}\n`).join(''))
}

/** All pods share one host, so each has ports of its own, and a way of its own to the provider's Service. */
function withRealPorts(word: string, { adminPort, environment }: StandInPod): string {
  const { PROVIDER_HOST, PROVIDER_PORT } = environment
  return word
    .replaceAll(/localhost:[56]001/g, `localhost:${adminPort}`)
    .replaceAll('provider-svc:5000', `${PROVIDER_HOST}:${PROVIDER_PORT}`)
}

interface CreatedNamespace {
  metadata: { name: string; labels: Record<string, string> }
}

interface AccessReviews {
  items: AccessReview[]
}

interface AccessReview {
  spec: { resourceAttributes: { verb: string; group: string; resource: string; subresource?: string } }
}

/** `create pods/exec` */
function rightIn({ spec: { resourceAttributes: asked } }: AccessReview): string {
  const resource = [asked.resource, asked.group].filter((part) => part !== '').join('.')
  return `${asked.verb} ${resource}${asked.subresource === undefined ? '' : `/${asked.subresource}`}`
}

const rendered = new Map<string, Promise<Result>>()

/** Rendered by the real kubectl, once per set of folders: they do not change during a test run. */
async function kustomize(folder: string): Promise<Result> {
  const own = parse(await readFile(join(folder, 'kustomization.yaml'), 'utf8')) as {
    resources: string[]
    components: string[]
  }
  const key = [...own.resources, '+', ...own.components]
    .map((path) => (isAbsolute(path) ? path : resolve(folder, path)))
    .join(' ')
  const result = rendered.get(key) ?? run('kubectl', ['kustomize', folder], {})
  rendered.set(key, result)
  return result
}

/** The applied objects as they are now: a List, or the object if it is only one, as kubectl prints them. */
function applied(cluster: StandInCluster, surroundings: Surroundings, namespace: string, manifest: string): object {
  const objects = parseAllDocuments(manifest).map((document) => document.toJS() as Applied)
  const items = objects.flatMap(({ kind, apiVersion, metadata }) => {
    const [group = '', version] = apiVersion.split('/')
    const resource = `${kind.toLowerCase()}${kind === 'Deployment' ? 's' : version === undefined ? '' : `.${group}`}`
    return objectsOf(cluster, surroundings, namespace, resource).filter((one) => one.metadata.name === metadata.name)
  })
  return items.length === 1 ? (items[0] ?? {}) : { apiVersion: 'v1', kind: 'List', items, metadata: {} }
}

function deploymentOf(cluster: StandInCluster, namespace: string, argument: string) {
  const name = argument.slice('deployment/'.length)
  const deployment = cluster.in(namespace).deployments.get(name)
  if (deployment === undefined) throw new Error(`deployments.apps "${name}" not found`)
  return deployment
}
