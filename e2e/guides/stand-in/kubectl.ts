import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { failed, type Result, run, text } from '../../stand-in-mesh/kubectl/result.ts'
import type { StandInPod } from '../../stand-in-mesh/pod.ts'
import type { Applied } from '../../stand-in-mesh/proxy/policies/policies.ts'
import type { StandInCluster } from '../../stand-in-mesh/stand-in-cluster.ts'
import { optionOf, parseResource } from './arguments.ts'
import { patched, withEnvironment, withMetadata } from './changes.ts'
import { objectsOf } from './manifests.ts'
import { podTable, selectPods } from './pod-table.ts'
import { PortForwards } from './port-forwards.ts'
import { printedDeletion, printedName } from './printed-names.ts'
import { isRolledOut } from './rollout.ts'

/** How long a rollout, or the end of pods, may take, milliseconds. */
const ROLLOUT_MS = 60_000

type Verb = (args: readonly string[], input: string | undefined) => Result | Promise<Result>

/** The commands of kubectl that the guides use, with the output that the real one prints, for a stand-in cluster. */
export class GuideKubectl {
  readonly #cluster: StandInCluster
  readonly #folder: string | undefined
  readonly #forwards = new PortForwards()
  #namespace = 'default'

  /** `folder` has the files that commands name; the repository by default. */
  constructor(cluster: StandInCluster, folder?: string) {
    this.#cluster = cluster
    this.#folder = folder
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
        (await objectsOf(args, input, this.#folder))
          .map((object) => `${printedName(object)} ${this.#apply(object)}\n`)
          .join(''),
      ),
    delete: (args, input) => this.#delete(args, input),
    get: (args) => {
      if (parseResource(args).kind !== 'pod') return failed(`the stand-in cannot get ${args.join(' ')}`)
      const selected = selectPods(this.#pods, optionOf(args, '-l'))
      if (optionOf(args, '-o') !== 'name') return text(podTable(selected))
      const names = selected.map(({ name }) => `pod/${name}\n`)
      return text(names.sort().join(''))
    },
    scale: (args) => {
      const names = args.filter((arg) => !arg.startsWith('-')).map((arg) => parseResource([arg]).name)
      for (const name of names) this.#deployment(name).scale(Number(optionOf(args, '--replicas')))
      return text(names.map((name) => `deployment.apps/${name} scaled\n`).join(''))
    },
    wait: (args) => (args[0] === '--for=condition=Available' ? this.#waitForAll() : this.#waitForEnd(args)),
    rollout: ([action, ...rest]) => this.#rollout(action, parseResource(rest).name),
    annotate: (args) => this.#change(args, (object) => withMetadata(object, 'annotations', args), 'annotated'),
    label: (args) => {
      const isRemoval = args.at(-1)?.endsWith('-') === true
      return this.#change(args, (object) => withMetadata(object, 'labels', args), isRemoval ? 'unlabeled' : 'labeled')
    },
    patch: (args) => this.#change(args, (object) => patched(object, optionOf(args, '-p') ?? '[]'), 'patched'),
    set: ([, ...args]) => this.#change(args, (object) => withEnvironment(object, args), 'env updated'),
    exec: (args) => this.#exec(args),
    'port-forward': async ([resource = '', ...ports]) => {
      const { kind, name } = parseResource([resource])
      const pod = kind === 'pod' ? this.#pods.find((one) => one.name === name) : this.#podOf(name)
      if (pod === undefined) throw new Error(`pods "${name}" not found`)
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
    const asked = isNamed ? [this.#existing(kind, name)] : await objectsOf(args, input, this.#folder)
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
    await within(ROLLOUT_MS, () => isRolledOut(this.#deployment(name).toObject()))
    return text(`deployment "${name}" successfully rolled out\n`)
  }

  /** `wait --for=condition=Available deployment --all`. */
  async #waitForAll(): Promise<Result> {
    const all = [...this.#cluster.in(this.#namespace).deployments]
    await within(ROLLOUT_MS, () => all.every(([, deployment]) => isRolledOut(deployment.toObject())))
    return text(all.map(([name]) => `deployment.apps/${name} condition met\n`).join(''))
  }

  /** `wait --for=delete pod -l LABEL`. */
  async #waitForEnd(args: readonly string[]): Promise<Result> {
    if (args.slice(0, 2).join(' ') !== '--for=delete pod') return failed(`the stand-in cannot wait ${args.join(' ')}`)
    const selected = selectPods(this.#pods, optionOf(args, '-l'))
    await within(ROLLOUT_MS, () => this.#pods.every((pod) => !selected.includes(pod)))
    return text(selected.map(({ name }) => `pod/${name} condition met\n`).join(''))
  }

  /** Applies an object as `change` makes it, and prints `done` as kubectl does. */
  #change(args: readonly string[], change: (object: Applied) => Applied, done: string): Result {
    const { kind, name } = parseResource(args)
    const object = this.#existing(kind, name)
    this.#cluster.in(this.#namespace).apply(change(object))
    return text(`${printedName(object)} ${done}\n`)
  }

  #exec(args: readonly string[]): Promise<Result> {
    const pod = this.#podOf(parseResource(args).name)
    const [, ...command] = args.slice(args.indexOf('--') + 1)
    const { PROVIDER_HOST: host, PROVIDER_PORT: port } = pod.environment
    const provider = (arg: string) => arg.replaceAll('provider-svc:5000', `${host}:${port}`)
    return run(process.execPath, command.map(provider), pod.environment)
  }
}

/** Waits until something holds. Throws as kubectl does when it takes longer. */
async function within(ms: number, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + ms
  while (!holds()) {
    if (performance.now() > deadline) throw new Error('timed out waiting for the condition')
    await sleep(20)
  }
}
