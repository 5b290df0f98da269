import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { parseAllDocuments } from 'yaml'
import { failed, type Result, run, text } from '../../stand-in-mesh/kubectl/result.ts'
import type { StandInPod, Template } from '../../stand-in-mesh/pod.ts'
import type { Applied } from '../../stand-in-mesh/proxy/policies/policies.ts'
import type { StandInCluster } from '../../stand-in-mesh/stand-in-cluster.ts'
import { podTable } from './pod-table.ts'
import { PortForwards } from './port-forwards.ts'
import { parseResource, printedDeletion, printedName } from './resource.ts'

/** How long a rollout may take, milliseconds. */
const ROLLOUT_MS = 60_000

type Verb = (args: readonly string[], input: string | undefined) => Result | Promise<Result>

/** The commands of kubectl that the guides use, with the output that the real one prints, for a stand-in cluster. */
export class GuideKubectl {
  readonly #cluster: StandInCluster
  readonly #forwards = new PortForwards()
  #namespace = 'default'

  constructor(cluster: StandInCluster) {
    this.#cluster = cluster
  }

  async run(argv: readonly string[], input: string | undefined): Promise<Result & { goesOn?: boolean }> {
    const isNamed = argv[0] === '-n'
    if (isNamed) this.#namespace = argv[1] ?? ''
    const [verb = '', ...args] = isNamed ? argv.slice(2) : argv
    const known = this.#verbs[verb]
    if (known === undefined) return failed(`the stand-in knows no kubectl ${argv.join(' ')}`)
    try {
      const result = await known(args, input)
      return verb === 'port-forward' && result.code === 0 ? { ...result, goesOn: true } : result
    } catch (error) {
      return failed(`error: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  /** Ends the port-forwards whose commands have ended. */
  closeForwards(): void {
    this.#forwards.close()
  }

  readonly #verbs: Readonly<Record<string, Verb>> = {
    config: (args) => {
      if (args[0] === 'current-context') return text('stand-in\n')
      if (args[0] === 'view') return text('apiVersion: v1\nkind: Config\n')
      if (args[0] === 'use-context') return text(`Switched to context "${args[1]}".\n`)
      this.#namespace = optionOf(args, '--namespace') ?? this.#namespace
      return text('Context "stand-in" modified.\n')
    },
    create: ([, name = '']) =>
      this.#cluster.createNamespace(name, {})
        ? text(`namespace/${name} created\n`)
        : failed(`Error from server (AlreadyExists): namespaces "${name}" already exists`),
    apply: async (args, input) =>
      text(
        (await this.#objects(args, input)).map((object) => `${printedName(object)} ${this.#apply(object)}\n`).join(''),
      ),
    delete: (args, input) => this.#delete(args, input),
    get: (args) => {
      if (parseResource(args).kind !== 'pod') return failed(`the stand-in cannot get ${args.join(' ')}`)
      return text(podTable(this.#pods, optionOf(args, '-l')))
    },
    scale: (args) => {
      const { name } = parseResource(args)
      this.#deployment(name).scale(Number(optionOf(args, '--replicas')))
      return text(`deployment.apps/${name} scaled\n`)
    },
    rollout: ([action, ...rest]) => this.#rollout(action, parseResource(rest).name),
    annotate: (args) => this.#annotate(args),
    patch: (args) => this.#patch(args),
    set: (args) => this.#setEnvironment(args.slice(1)),
    exec: (args) => this.#exec(args),
    'port-forward': async ([resource = '', ...ports]) => {
      const pod = this.#podOf(parseResource([resource]).name)
      return text(await this.#forwards.open(pod, ports))
    },
  }

  get #pods(): StandInPod[] {
    return this.#cluster.pods(this.#namespace)
  }

  #deployment(name: string) {
    const found = this.#cluster.in(this.#namespace).deployments.get(name)
    if (found === undefined) throw new Error(`deployments.apps "${name}" not found`)
    return found
  }

  /** The first ready pod of a deployment, once there is one. */
  #podOf(deployment: string): StandInPod {
    const pod = this.#pods.find((one) => one.options.deployment === deployment && one.ready && !one.terminating)
    if (pod === undefined) throw new Error(`timed out waiting for a pod of ${deployment}`)
    return pod
  }

  #existing(kind: string, name: string): Applied {
    const found = this.#cluster
      .in(this.#namespace)
      .applied.find((one) => one.kind.toLowerCase() === kind && one.metadata.name === name)
    if (found === undefined) throw new Error(`${kind} "${name}" not found`)
    return found
  }

  /** The object of this kind and name, as it was applied. */
  #applied({ kind, metadata }: Applied): Applied | undefined {
    return this.#cluster
      .in(this.#namespace)
      .applied.find((one) => one.kind === kind && one.metadata.name === metadata.name)
  }

  #apply(object: Applied): string {
    const namespace = this.#cluster.in(this.#namespace)
    const was = this.#applied(object)
    if (isDeepStrictEqual(was, object)) return 'unchanged'
    namespace.apply(object)
    const replicas = (object.spec as { replicas?: number } | undefined)?.replicas
    if (object.kind === 'Deployment' && replicas !== undefined) this.#deployment(object.metadata.name).scale(replicas)
    return was === undefined ? 'created' : 'configured'
  }

  async #delete(args: readonly string[], input: string | undefined): Promise<Result> {
    if (args[0] === 'namespace') {
      await this.#cluster.deleteNamespace(args[1] ?? '')
      return text(`namespace "${args[1]}" deleted\n`)
    }
    const { kind, name } = parseResource(args)
    const isNamed = args[0]?.startsWith('-') === false
    const asked = isNamed ? [this.#existing(kind, name)] : await this.#objects(args, input)
    const isThere = (object: Applied) => this.#applied(object) !== undefined
    const missing = asked.find((object) => !isThere(object))
    if (missing !== undefined && !args.includes('--ignore-not-found'))
      return failed(`Error from server (NotFound): ${printedName(missing)} not found`)
    const objects = asked.filter(isThere)
    for (const object of objects) this.#cluster.in(this.#namespace).delete(object)
    return text(objects.map((object) => `${printedDeletion(object)}\n`).join(''))
  }

  async #rollout(action: string | undefined, name: string): Promise<Result> {
    if (action === 'restart') {
      this.#deployment(name).restart()
      return text(`deployment.apps/${name} restarted\n`)
    }
    const deadline = performance.now() + ROLLOUT_MS
    while (!isRolledOut(this.#deployment(name).toObject() as RolledOut)) {
      if (performance.now() > deadline) return failed('error: timed out waiting for the condition')
      await sleep(20)
    }
    return text(`deployment "${name}" successfully rolled out\n`)
  }

  #annotate(args: readonly string[]): Result {
    const { kind, name } = parseResource(args)
    const object = structuredClone(this.#existing(kind, name))
    const annotations: Record<string, string> = { ...object.metadata.annotations }
    for (const change of args.filter((arg) => /^[\w.-]+\/[\w.-]+(=|-$)/.test(arg))) {
      const [key = '', ...value] = change.split('=')
      if (change.endsWith('-') && value.length === 0) delete annotations[change.slice(0, -1)]
      else annotations[key] = value.join('=')
    }
    const { annotations: _old, ...metadata } = object.metadata
    const isEmpty = Object.keys(annotations).length === 0
    this.#cluster.in(this.#namespace).apply({ ...object, metadata: isEmpty ? metadata : { ...metadata, annotations } })
    return text(`${printedName(object)} annotated\n`)
  }

  /** A JSON patch (RFC 6902) of the one operation that the guides use. */
  #patch(args: readonly string[]): Result {
    const { kind, name } = parseResource(args)
    const object = structuredClone(this.#existing(kind, name))
    const operations = JSON.parse(optionOf(args, '-p') ?? '[]') as { op: string; path: string; value: unknown }[]
    for (const { op, path, value } of operations) {
      if (op !== 'replace') return failed(`the stand-in knows no patch ${op}`)
      replaceAt(object, path.split('/').slice(1), value)
    }
    this.#cluster.in(this.#namespace).apply(object)
    return text(`${printedName(object)} patched\n`)
  }

  /** `set env deployment/NAME A=b C-`. */
  #setEnvironment(args: readonly string[]): Result {
    const object = structuredClone(this.#existing('deployment', parseResource(args).name))
    const { template } = object.spec as unknown as { template: Template }
    const [container] = template.spec.containers
    if (container === undefined) return failed('error: no container')
    for (const change of args.slice(1)) {
      const [name = '', ...value] = change.split('=')
      const isRemoval = value.length === 0 && name.endsWith('-')
      const others = (container.env ?? []).filter((one) => one.name !== (isRemoval ? name.slice(0, -1) : name))
      container.env = isRemoval ? others : [...others, { name, value: value.join('=') }]
    }
    this.#cluster.in(this.#namespace).apply(object)
    return text(`${printedName(object)} env updated\n`)
  }

  #exec(args: readonly string[]): Promise<Result> {
    const pod = this.#podOf(parseResource(args).name)
    const [, ...command] = args.slice(args.indexOf('--') + 1)
    const { PROVIDER_HOST: host, PROVIDER_PORT: port } = pod.environment
    const provider = (arg: string) => arg.replaceAll('provider-svc:5000', `${host}:${port}`)
    return run(process.execPath, command.map(provider), pod.environment)
  }

  /** The objects that `-k FOLDER` or `-f -` names. */
  async #objects(args: readonly string[], input = ''): Promise<Applied[]> {
    const folder = optionOf(args, '-k')
    const manifests = folder === undefined ? input : await rendered(folder)
    return parseAllDocuments(manifests).map((document) => document.toJS() as Applied)
  }
}

interface RolledOut {
  metadata: { generation: number }
  spec: { replicas: number }
  status: { observedGeneration: number; replicas: number; updatedReplicas: number; readyReplicas: number }
}

function isRolledOut({ metadata, spec, status }: RolledOut): boolean {
  const { observedGeneration, replicas, updatedReplicas, readyReplicas } = status
  const isObserved = observedGeneration === metadata.generation
  return isObserved && [replicas, updatedReplicas, readyReplicas].every((count) => count === spec.replicas)
}

const folders = new Map<string, Promise<string>>()

/** A folder of manifests, as the real kubectl renders it. */
function rendered(folder: string): Promise<string> {
  const known = folders.get(folder) ?? render(folder)
  folders.set(folder, known)
  return known
}

async function render(folder: string): Promise<string> {
  const { code, stdout, stderr } = await run('kubectl', ['kustomize', folder], {})
  if (code !== 0) throw new Error(stderr)
  return stdout
}

/** The value of `--name value` or `--name=value`. */
function optionOf(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(name)
  if (at >= 0) return args[at + 1]
  return args.find((arg) => arg.startsWith(`${name}=`))?.slice(name.length + 1)
}

function replaceAt(target: object, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path
  const parent = target as Record<string, unknown>
  if (rest.length === 0) parent[key] = value
  else replaceAt(parent[key] as object, rest, value)
}
