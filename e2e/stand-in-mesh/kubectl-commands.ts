import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { isAbsolute, join, resolve } from 'node:path'
import { parse } from 'yaml'
import type { Behaviour } from './behaviour.ts'
import type { StandInPod } from './pod.ts'
import type { StandInCluster } from './stand-in-cluster.ts'

export interface Result {
  code: number
  stdout: string
  stderr: string
}

/** What a cluster of the catalogue may refuse. */
export interface Surroundings {
  context: string | undefined
  linkerd: boolean
  /** `verb resource` that are not allowed. */
  forbidden: readonly string[]
  crds: readonly string[]
  /** The image cannot be had. */
  noImage: boolean
}

export const GOOD_SURROUNDINGS: Surroundings = {
  context: 'stand-in',
  linkerd: true,
  forbidden: [],
  crds: [
    'httproutes.gateway.networking.k8s.io',
    'servers.policy.linkerd.io',
    'authorizationpolicies.policy.linkerd.io',
    'httplocalratelimitpolicies.policy.linkerd.io',
    'egressnetworks.policy.linkerd.io',
  ],
  noImage: false,
}

const rendered = new Map<string, Promise<Result>>()

/** Answers the commands of kubectl that the prover uses, against a stand-in cluster. */
export async function kubectl(
  cluster: StandInCluster,
  surroundings: Surroundings,
  argv: readonly string[],
  input: string | undefined,
): Promise<Result> {
  const args = argv[0] === '--context' ? argv.slice(2) : argv
  const flag = (name: string) => {
    const at = args.indexOf(name)
    return at < 0 ? undefined : args[at + 1]
  }
  const namespace = flag('-n') ?? ''
  const [verb = '', what = '', which = ''] = args
  try {
    switch (verb) {
      case 'config':
        return config(surroundings, what)
      case 'version':
        return json({ serverVersion: { gitVersion: 'v1.32.0' } })
      case 'auth':
        return surroundings.forbidden.includes(`${which} ${args[3]}`) ? { ...text('no\n'), code: 1 } : text('yes\n')
      case 'kustomize':
        return await kustomize(what)
      case 'create': {
        const { metadata } = parse(input ?? '') as { metadata: { name: string; labels: Record<string, string> } }
        if (cluster.createNamespace(metadata.name, metadata.labels)) return text('created\n')
        return failed(`Error from server (AlreadyExists): namespaces "${metadata.name}" already exists`)
      }
      case 'apply':
        cluster.apply(namespace, await readFile(flag('-f') ?? '', 'utf8'))
        return text('configured\n')
      case 'delete': {
        if (what === 'namespace') {
          const [label = '', value] = (flag('-l') ?? '').split('=')
          const own = [...cluster.namespaces].filter(([, { labels }]) => labels[label] === value)
          const gone = Promise.all(own.map(([name]) => cluster.deleteNamespace(name)))
          if (!args.includes('--wait=false')) await gone
        } else cluster.delete(namespace, await readFile(flag('-f') ?? '', 'utf8'))
        return text('deleted\n')
      }
      case 'wait': {
        const name = args.find((arg) => arg.startsWith('namespace/'))?.slice('namespace/'.length) ?? ''
        await cluster.deleteNamespace(name)
        return text('deleted\n')
      }
      case 'get':
        return get(cluster, surroundings, what, which, namespace, flag)
      case 'scale': {
        const replicas = args.find((arg) => arg.startsWith('--replicas='))?.slice('--replicas='.length)
        deploymentOf(cluster, namespace, what).scale(Number(replicas))
        return text('scaled\n')
      }
      case 'rollout':
        for (const arg of args.slice(2))
          if (arg.startsWith('deployment/')) deploymentOf(cluster, namespace, arg).restart()
        return text('restarted\n')
      case 'exec':
        return await exec(cluster, namespace, args)
      case 'logs':
        return text('')
      default:
        return failed(`the stand-in knows no ${args.join(' ')}`)
    }
  } catch (error) {
    return failed(`Error from server (NotFound): ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The lines of a port-forward: the pod's real ports, which are on this machine already. */
export function forwarded(cluster: StandInCluster, args: readonly string[]): string[] | undefined {
  const namespace = args[args.indexOf('-n') + 1] ?? ''
  const name = args.find((arg) => arg.startsWith('pod/'))?.slice('pod/'.length)
  const pod = cluster.namespaces.has(namespace) ? cluster.pods(namespace).find((one) => one.name === name) : undefined
  if (pod === undefined) return undefined
  const ports = args.filter((arg) => arg.startsWith(':')).map((arg) => Number(arg.slice(1)))
  return ports.map(
    (port) =>
      `Forwarding from 127.0.0.1:${port === pod.options.behaviour.proxyAdminPort ? pod.proxyAdminPort : pod.adminPort} -> ${port}`,
  )
}

function config({ context }: Surroundings, what: string): Result {
  if (what === 'view') return text('https://127.0.0.1:6443')
  if (context === undefined) return failed('error: current-context is not set')
  return text(`${context}\n`)
}

/** Rendered by the real kubectl, once for each set of folders: they do not change during a run of the tests. */
async function kustomize(folder: string): Promise<Result> {
  const own = parse(await readFile(join(folder, 'kustomization.yaml'), 'utf8')) as {
    resources: string[]
    components: string[]
  }
  const key = [...own.resources, '+', ...own.components]
    .map((path) => (isAbsolute(path) ? path : resolve(folder, path)))
    .join(' ')
  const result = rendered.get(key) ?? runReal(['kustomize', folder])
  rendered.set(key, result)
  return result
}

function runReal(args: readonly string[]): Promise<Result> {
  return run('kubectl', args, {})
}

function get(
  cluster: StandInCluster,
  { linkerd, crds, noImage }: Surroundings,
  what: string,
  which: string,
  namespace: string,
  flag: (name: string) => string | undefined,
): Result {
  if (what === 'customresourcedefinitions') return text(crds.map((name) => `${name} v1.2.1\n`).join(''))
  if (what === 'namespace') return json({ metadata: namespaceMeta(cluster, which) })
  if (what === 'namespaces') {
    const [label = '', value] = (flag('-l') ?? '').split('=')
    const own = [...cluster.namespaces].filter(([, { labels }]) => labels[label] === value)
    return json({ items: own.map(([name]) => ({ metadata: namespaceMeta(cluster, name) })) })
  }
  if (what === 'events') return json({ items: [] })
  if (what === 'deployments' && flag('-l')?.startsWith('linkerd.io/')) {
    const names = linkerd ? ['linkerd-destination', 'linkerd-identity', 'linkerd-proxy-injector'] : []
    const labels = { 'app.kubernetes.io/version': 'edge-26.6.3' }
    return json({
      items: names.map((name) => ({
        kind: 'Deployment',
        metadata: { name, labels, namespace: cluster.behaviour.controlPlane },
        status: { readyReplicas: 1 },
      })),
    })
  }
  if (!what.startsWith('deployments')) return json({ items: cluster.policyObjects(namespace, what.split(',')) })
  const deployments = [...cluster.in(namespace).deployments.values()].map((deployment) => deployment.toObject())
  return json({ items: [...deployments, ...cluster.pods(namespace).map((pod) => podObject(pod, noImage))] })
}

function namespaceMeta(cluster: StandInCluster, name: string): object {
  const { labels, isTerminating } = cluster.in(name)
  return { name, labels, ...(isTerminating ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}) }
}

function podObject({ name, uid, ready, terminating, options }: StandInPod, noImage: boolean): object {
  const { template, isInjected, behaviour } = options
  const [container] = template.spec.containers
  const proxy = proxyContainer(behaviour)
  return {
    kind: 'Pod',
    metadata: {
      name,
      uid,
      labels: template.metadata.labels,
      annotations: isInjected ? { 'linkerd.io/proxy-version': 'stand-in' } : {},
      ...(terminating ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: { containers: template.spec.containers, initContainers: isInjected ? [proxy] : [] },
    status: {
      conditions: [{ type: 'Ready', status: ready && !noImage ? 'True' : 'False' }],
      containerStatuses: [
        {
          name: container?.name,
          ready: ready && !noImage,
          restartCount: 0,
          ...(noImage ? { state: { waiting: { reason: 'ImagePullBackOff' } } } : {}),
        },
      ],
      initContainerStatuses: isInjected ? [{ name: 'linkerd-proxy', ready: true, restartCount: 0 }] : [],
    },
  }
}

/** The proxy's container with what the injector writes into it. */
function proxyContainer({ controlPlane, trustDomain, clusterDomain, proxyAdminPort }: Behaviour): object {
  const identity = `serviceaccount.identity.${controlPlane}.${trustDomain}`
  return {
    name: 'linkerd-proxy',
    image: 'proxy',
    ports: [
      { name: 'linkerd-proxy', containerPort: 4143 },
      { name: 'linkerd-admin', containerPort: proxyAdminPort },
    ],
    env: [
      { name: 'LINKERD2_PROXY_IDENTITY_LOCAL_NAME', value: `$(_pod_sa).$(_pod_ns).${identity}` },
      { name: 'LINKERD2_PROXY_DESTINATION_PROFILE_SUFFIXES', value: `svc.${clusterDomain}.` },
      { name: 'LINKERD2_PROXY_INBOUND_DEFAULT_POLICY', value: 'all-unauthenticated' },
    ],
  }
}

async function exec(cluster: StandInCluster, namespace: string, args: readonly string[]): Promise<Result> {
  const workload = args.find((arg) => arg.startsWith('deploy/'))?.slice('deploy/'.length)
  const pod = cluster.pods(namespace).find(({ options }) => options.deployment === workload)
  if (pod === undefined) return failed(`no pod of ${workload}`)
  const [, ...command] = args.slice(args.indexOf('--') + 1)
  return run(process.execPath, command, pod.environment)
}

function run(program: string, args: readonly string[], env: Record<string, string>): Promise<Result> {
  return new Promise((done, reject) => {
    const child = spawn(program, args, {
      env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
    })
    const result = { code: 0, stdout: '', stderr: '' }
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      result.stdout += part
    })
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      result.stderr += part
    })
    child.on('error', reject)
    child.on('close', (code) => done({ ...result, code: code ?? 1 }))
  })
}

function deploymentOf(cluster: StandInCluster, namespace: string, argument: string) {
  const name = argument.slice('deployment/'.length)
  const deployment = cluster.in(namespace).deployments.get(name)
  if (deployment === undefined) throw new Error(`deployments.apps "${name}" not found`)
  return deployment
}

const text = (stdout: string): Result => ({ code: 0, stdout, stderr: '' })
const json = (value: unknown): Result => text(JSON.stringify(value))
const failed = (stderr: string): Result => ({ code: 1, stdout: '', stderr: `${stderr}\n` })
