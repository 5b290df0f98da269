import type { Kubectl } from './kubectl.ts'

/** What nodes have, or what is left of it. */
export interface Room {
  cores: number
  memoryBytes: number
  pods: number
}

/** What the nodes that take pods have in all, and what the pods on them leave. */
export interface ClusterRoom {
  total: Room
  free: Room
}

/** A cluster with so many pods that listing them takes longer is not worth the wait. */
const LONGEST_MS = 10_000

/** Columns of the one table that has a row for each node and each pod; a node has no value in those of pods. */
const COLUMNS = {
  kind: '.kind',
  name: '.metadata.name',
  node: '.spec.nodeName',
  phase: '.status.phase',
  isCordoned: '.spec.unschedulable',
  taints: '.spec.taints[*].effect',
  cpu: '.status.allocatable.cpu',
  memory: '.status.allocatable.memory',
  pods: '.status.allocatable.pods',
  cpuRequests: '.spec.containers[*].resources.requests.cpu',
  memoryRequests: '.spec.containers[*].resources.requests.memory',
  sidecarCpuRequests: '.spec.initContainers[?(@.restartPolicy=="Always")].resources.requests.cpu',
  sidecarMemoryRequests: '.spec.initContainers[?(@.restartPolicy=="Always")].resources.requests.memory',
}
type Row = Record<keyof typeof COLUMNS, string>

/** The command that asks for nodes and pods. */
const ROOM_COMMAND: readonly string[] = [
  'get',
  'nodes,pods',
  '-A',
  '--no-headers',
  '-o',
  `custom-columns=${Object.entries(COLUMNS)
    .map(([name, path]) => `${name}:${path}`)
    .join(',')}`,
]

/**
 * The room that the scheduler sees: what nodes can allocate, less what pods request. undefined if it cannot be known,
 * e.g. without the right to list nodes. Rejects only if `signal` is aborted.
 */
export async function clusterRoom(kubectl: Kubectl, signal: AbortSignal): Promise<ClusterRoom | undefined> {
  const deadline = AbortSignal.timeout(LONGEST_MS)
  try {
    return roomIn(await kubectl.with({ signal: AbortSignal.any([signal, deadline]) }).run(ROOM_COMMAND))
  } catch {
    signal.throwIfAborted()
    return undefined
  }
}

/** Reads the table. undefined if it has no node that takes pods. */
export function roomIn(table: string): ClusterRoom | undefined {
  const rows = table
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(rowOf)
  const nodes = rows.filter(takesPods)
  if (nodes.length === 0) return undefined
  const names = new Set(nodes.map(({ name }) => name))
  const pods = rows.filter(({ kind, node, phase }) => kind === 'Pod' && names.has(node) && !ENDED.has(phase))
  const total = {
    cores: sum(nodes.map(({ cpu }) => cpu)),
    memoryBytes: sum(nodes.map(({ memory }) => memory)),
    pods: sum(nodes.map((node) => node.pods)),
  }
  const free = {
    cores: total.cores - sum(pods.flatMap((pod) => [pod.cpuRequests, pod.sidecarCpuRequests])),
    memoryBytes: total.memoryBytes - sum(pods.flatMap((pod) => [pod.memoryRequests, pod.sidecarMemoryRequests])),
    pods: total.pods - pods.length,
  }
  return { total, free }
}

const ENDED = new Set(['Succeeded', 'Failed'])

function takesPods({ kind, isCordoned, taints }: Row): boolean {
  return kind === 'Node' && isCordoned !== 'true' && !/NoSchedule|NoExecute/.test(taints)
}

function rowOf(line: string): Row {
  const values = line.trim().split(/\s+/)
  return Object.fromEntries(Object.keys(COLUMNS).map((name, index) => [name, values[index] ?? NONE])) as Row
}

/** kubectl writes this where an object has no such field. */
const NONE = '<none>'

/** The sum of cells, each of which may list several quantities. */
function sum(cells: readonly string[]): number {
  const quantities = cells.filter((cell) => cell !== NONE).flatMap((cell) => cell.split(','))
  return quantities.reduce((total, one) => total + quantityOf(one), 0)
}

const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** A Kubernetes quantity as a number: `1930m` → 1.93; NaN for anything else. */
export function quantityOf(text: string): number {
  const [, value = '', suffix = ''] = /^([\d.]+(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(text) ?? []
  return value === '' ? Number.NaN : Number(value) * (FACTORS[suffix] ?? Number.NaN)
}
