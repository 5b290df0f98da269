import { commandLine } from '../cluster/command-line.ts'
import { type AdminRequest, curl } from './curl.ts'
import type { NamedFiles } from './named-files.ts'

/** A pod to connect to: the only one of its workload, or one of several. */
export interface Target {
  workload: string
  /** Labels of the workload's pods. */
  labels: Readonly<Record<string, string>>
  /** Its place among the workload's pods, sorted by name, from 0; undefined if any of them will do. */
  index: number | undefined
  /** The ports that are forwarded, in one command. */
  ports: readonly number[]
}

/** Bursts that go on while something else happens. */
export interface OngoingTraffic {
  /** Each burst starts calls for that long, s. */
  burstS: number
  /** Bursts under way at once. */
  burstsAtOnce: number
}

/** `say` is a comment, `call` may be repeated, `forward` stays when what needed it is begun anew. */
interface Step {
  kind: 'say' | 'call' | 'forward' | 'wait' | 'traffic' | 'other'
  text: string
}

export interface ByHandOptions {
  /** The namespace that the commands name. */
  namespace: string
  /** The namespace of the lane, which may stand in a command that ran in a pod. */
  lane: string
  /** Gets the files that the commands name. */
  files: NamedFiles
}

/** Free on a machine on which the services themselves run. */
const LOCAL_PORTS = 10_000
/** Of what a proxy counts, the families that expectations read. */
const COUNTED = '^[<>] (request_total|response_total|response_latency_ms_(sum|count)|(in|out)bound_http_\\w+_total)[{ ]'
/** How long a port-forward takes to begin, and calls to be under way, s. */
const MOMENT_S = 2

/**
 * What a lane did for a feature, as commands for bash that a reader can repeat with kubectl and curl: the states that
 * were asked for, not only what had to change for them, and the calls. Watches, lists and logs are left out.
 */
export class ByHand {
  readonly #options: ByHandOptions
  #steps: Step[] = []
  /** The forwards that are open, by what they lead to. */
  readonly #forwards = new Map<string, { workload: string; local: ReadonlyMap<number, number> }>()
  readonly #used = new Map<number, number>()
  #traffics = 0
  /** The commands of each look at a state that is waited for; undefined when there is none. */
  #looks: Step[][] | undefined

  constructor(options: ByHandOptions) {
    this.#options = options
  }

  /** Says what the next commands are for. */
  says(comment: string): void {
    this.#add('say', `# ${comment}`)
  }

  /** Deployments were scaled. */
  scaled(replicas: Readonly<Record<string, number>>): void {
    const groups = Map.groupBy(Object.entries(replicas), ([, count]) => count)
    for (const [count, rows] of groups) {
      const names = rows.map(([name]) => `deployment/${name}`)
      this.#add('other', this.#kubectl('scale', ...names, `--replicas=${count}`))
    }
    for (const name of Object.keys(replicas)) this.#forget(name)
  }

  /** The pods of deployments are there. */
  settled(workloads: readonly string[]): void {
    for (const name of workloads) {
      const text = this.#kubectl('rollout', 'status', `deployment/${name}`)
      const since = this.#steps.findLastIndex(({ kind }) => kind !== 'wait')
      if (!this.#steps.slice(since + 1).some((step) => step.text === text)) this.#add('wait', text)
    }
  }

  /** Objects were applied: `yaml`, whose file gets this name if it is free. Pods of `restarted` are new. */
  applied(name: string, yaml: string, restarted: readonly string[]): void {
    this.#add('other', this.#kubectl('apply', '-f', this.#options.files.add(`${name}.yaml`, yaml)))
    for (const workload of restarted) this.#forget(workload)
  }

  /** Objects were deleted: often those of a file that was applied before. */
  deleted(name: string, yaml: string): void {
    const { files } = this.#options
    const file = files.nameOf(yaml) ?? files.add(`${name}.yaml`, yaml)
    this.#add('other', this.#kubectl('delete', '--ignore-not-found', '-f', file))
  }

  /** A request was sent to the service of a pod, at its admin port. */
  called(target: Target, port: number, request: AdminRequest): void {
    this.#add('call', curl(this.#local(target, port), request))
  }

  /** A command was run in a container of a workload. */
  ran(workload: string, container: string, command: readonly string[]): void {
    const { lane, namespace } = this.#options
    const own = command.map((word) => word.replaceAll(lane, namespace))
    this.#add('other', this.#kubectl('exec', `deployment/${workload}`, '-c', container, '--', ...own))
  }

  /** Bursts begin that go on, one after the other, until something has ended. Returns what is to be called then. */
  goesOn(target: Target, port: number, request: AdminRequest, { burstS, burstsAtOnce }: OngoingTraffic): () => void {
    const call = curl(this.#local(target, port), request)
    this.#traffics += 1
    const [file, pid] = [`going-${this.#traffics}`, `calls${this.#traffics}`]
    const going = `while [ -e ${file} ]; do ${call}`
    const all = burstsAtOnce === 1 ? `${going}; done` : `{ ${going} & sleep ${burstS}; done; wait; }`
    this.#add('traffic', `touch ${file}; ${all} & ${pid}=$!`)
    return () => this.#add('other', `rm ${file}; wait $${pid}`)
  }

  /** A proxy's counters are read, before something and after it. Returns what is to be called after it. */
  counts(name: string, target: Target, port: number): () => void {
    const read = curl(this.#local(target, port), { method: 'GET', path: '/metrics', headers: {} })
    this.#add('other', `${read} > ${name}-before.txt`)
    return () => this.#add('other', `sleep 1; ${read} | diff ${name}-before.txt - | grep -E '${COUNTED}'`)
  }

  /** A state is waited for, with one look after the other. */
  waits(): void {
    this.#looks = []
  }

  /** It was reached, or not: keeps the look with most commands, and how many there were. */
  waited(): void {
    const looks = this.#looks ?? []
    this.#looks = undefined
    const [longest = []] = looks.toSorted((a, b) => b.length - a.length)
    if (longest.length === 0) return
    const lines = longest.map(({ text }) => `  ${text}`)
    const comment = `# Until the mesh acts so; the run looked ${looks.length} times`
    this.#add('other', [comment, `for look in $(seq ${looks.length}); do`, ...lines, '  sleep 1', 'done'].join('\n'))
    this.says('Measured')
  }

  /** Something is observed. Returns what is to be called if it broke off and is begun anew. */
  observes(): () => void {
    if (this.#looks !== undefined) {
      const looks = this.#looks
      looks.push([])
      return () => void looks.pop()
    }
    const before = new Set(this.#steps)
    return () => {
      this.#steps = this.#steps.filter((step) => before.has(step) || step.kind === 'forward')
    }
  }

  /** The commands since the last call. */
  take(): string[] {
    // A comment on nothing is left out.
    const steps = this.#steps.filter(
      ({ kind }, index, all) => kind !== 'say' || (all[index + 1]?.kind ?? 'say') !== 'say',
    )
    const hasForwards = steps.some(({ kind }) => kind === 'forward')
    this.#steps = []
    this.#forwards.clear()
    this.#used.clear()
    this.#traffics = 0
    return [...linesOf(steps), ...(hasForwards ? ['kill $(jobs -p)'] : [])]
  }

  #kubectl(...args: string[]): string {
    return commandLine('kubectl', ['-n', this.#options.namespace, ...args])
  }

  #add(kind: Step['kind'], text: string): void {
    const steps = kind === 'forward' ? this.#steps : (this.#looks?.at(-1) ?? this.#steps)
    steps.push({ kind, text })
  }

  /** The local port that leads to a port of a pod, by a forward that is open or begins now. */
  #local(target: Target, port: number): number {
    const pod = this.#podOf(target)
    const open = this.#forwards.get(pod)
    // Pods of one workload may differ: one has a proxy, and another has none.
    const { local } = open?.local.has(port) ? open : this.#forward(pod, target)
    const found = local.get(port)
    if (found === undefined) throw new Error(`Port ${port} of ${target.workload} is not forwarded`)
    return found
  }

  #forward(pod: string, { workload, ports }: Target) {
    const local = new Map(ports.map((port) => [port, this.#free(port)]))
    const pairs = [...local].map(([remote, mine]) => `${mine}:${remote}`).join(' ')
    const { namespace } = this.#options
    this.#add('forward', `kubectl -n ${namespace} port-forward ${pod} ${pairs} > /dev/null & sleep ${MOMENT_S}`)
    this.#forwards.set(pod, { workload, local })
    return { local }
  }

  #podOf({ workload, labels, index }: Target): string {
    if (index === undefined) return `deployment/${workload}`
    const selector = Object.entries(labels).map((label) => label.join('='))
    return `$(${this.#kubectl('get', 'pods', '-l', selector.join(','), '-o', 'name')} | sed -n ${index + 1}p)`
  }

  #free(port: number): number {
    const count = this.#used.get(port) ?? 0
    this.#used.set(port, count + 1)
    return LOCAL_PORTS + port + count
  }

  /** The pods of a workload may be others from now on. */
  #forget(workload: string): void {
    for (const [pod, forward] of [...this.#forwards]) if (forward.workload === workload) this.#forwards.delete(pod)
  }
}

/** The steps as lines: a call that was repeated stands in a loop, and what follows calls that go on waits for them to begin. */
function linesOf(steps: readonly Step[]): string[] {
  const lines: string[] = []
  for (let at = 0; at < steps.length; at += 1) {
    const [step, next] = [steps[at], steps[at + 1]]
    if (step === undefined) break
    const { text } = step
    let times = 1
    while (step.kind === 'call' && steps[at + 1]?.text === text) {
      times += 1
      at += 1
    }
    lines.push(times === 1 ? text : `for call in $(seq ${times}); do ${text}; sleep 1; done`)
    if (step.kind === 'traffic' && next?.kind !== 'traffic' && next?.kind !== 'forward') lines.push(`sleep ${MOMENT_S}`)
  }
  return lines
}
