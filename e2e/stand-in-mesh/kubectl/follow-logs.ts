import { setTimeout as sleep } from 'node:timers/promises'
import type { StandInCluster } from '../stand-in-cluster.ts'
import { parseCommand } from './parse-command.ts'

/** How often the stand-in looks for new lines, ms. */
const LOOK_MS = 20

/** What `kubectl logs --follow -n NAMESPACE pod/NAME` names. */
export interface FollowCommand {
  namespace: string
  pod: string
}

/** The parts of that command; undefined for any other. */
export function followCommand(argv: readonly string[]): FollowCommand | undefined {
  const { args, namespace, named } = parseCommand(argv)
  if (args[0] !== 'logs' || !args.includes('--follow')) return undefined
  return { namespace, pod: named('pod') ?? '' }
}

/** Prints the lines of a pod until it has ended, or until `signal`. Returns the error output. */
export async function followLogs(
  cluster: StandInCluster,
  { namespace, pod: name }: FollowCommand,
  print: (line: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const pods = cluster.namespaces.has(namespace) ? cluster.pods(namespace) : []
  const pod = pods.find((one) => one.name === name)
  if (pod === undefined) return `Error from server (NotFound): pods "${name}" not found\n`
  for (let printed = 0; ; ) {
    const { ended } = pod
    for (const line of pod.log.slice(printed)) print(line)
    printed = pod.log.length
    if (ended || signal.aborted) return ''
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined)
  }
}
