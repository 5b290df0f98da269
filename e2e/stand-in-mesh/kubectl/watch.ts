import { setTimeout as sleep } from 'node:timers/promises'
import type { StandInCluster } from '../stand-in-cluster.ts'
import { objectsOf, type StoredObject } from './get.ts'
import { parseCommand } from './parse-command.ts'
import type { Surroundings } from './surroundings.ts'

/** How often the stand-in looks for changes, ms: the time by which a watch lags behind. */
const LOOK_MS = 20

export interface WatchCommand {
  resource: string
  namespace: string
}

/** The parts of `kubectl get RESOURCE -n NAMESPACE --watch`; undefined for any other command. */
export function watchCommand(argv: readonly string[]): WatchCommand | undefined {
  const { args, namespace } = parseCommand(argv)
  if (args[0] !== 'get' || !args.includes('--watch')) return undefined
  return { resource: args[1] ?? '', namespace }
}

/**
 * `kubectl get --watch --output-watch-events -o json`, as kubectl 1.32 prints it: first a line for each object that
 * there is, without a sign that these are all, then a line for each change. Goes on until `signal`, or until the API
 * server ends it: also then kubectl's exit code is 0. Returns the error output.
 */
export async function watch(
  cluster: StandInCluster,
  surroundings: Surroundings,
  { resource, namespace }: WatchCommand,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  if (resource.includes(',')) return 'error: you may only specify a single resource type\n'
  const startedAt = performance.now()
  const isOver = () => performance.now() - startedAt >= (surroundings.watches?.endAfterMs ?? Number.POSITIVE_INFINITY)
  let known = new Map<string, StoredObject>()
  while (!signal.aborted && !isOver()) {
    const now = cluster.namespaces.has(namespace) ? objectsOf(cluster, surroundings, namespace, resource) : []
    known = printChanges(known, now, cluster, print)
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
  }
  if (!signal.aborted && surroundings.watches?.reason === 'expired') print(line('ERROR', EXPIRED))
  return ''
}

function printChanges(
  known: ReadonlyMap<string, StoredObject>,
  now: readonly StoredObject[],
  cluster: StandInCluster,
  print: (line: string) => void,
): Map<string, StoredObject> {
  const found = new Map(now.map((object) => [keyOf(object), object]))
  for (const [key, object] of known) {
    if (found.has(key)) continue
    const metadata = { ...object.metadata, resourceVersion: cluster.versions.next() }
    print(line('DELETED', { ...object, metadata }))
  }
  for (const [key, object] of found) {
    const was = known.get(key)
    if (was === undefined) print(line('ADDED', object))
    else if (was.metadata.resourceVersion !== object.metadata.resourceVersion) print(line('MODIFIED', object))
  }
  return found
}

const keyOf = ({ kind, metadata }: StoredObject) => `${kind} ${metadata.uid ?? metadata.name}`
const line = (type: string, object: object) => JSON.stringify({ type, object })

/** What the API server sends when it no longer has the changes since a version. */
const EXPIRED = {
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: 'too old resource version: 1 (9)',
  reason: 'Expired',
  code: 410,
}
