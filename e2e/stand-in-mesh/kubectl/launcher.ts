import { once } from 'node:events'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import type { Launcher, LongRunning } from '../../../prove/src/cluster/kubectl.ts'
import type { StandInCluster } from '../stand-in-cluster.ts'
import { forwarded, kubectl } from './commands.ts'
import { followCommand, followLogs } from './follow-logs.ts'
import { GOOD_SURROUNDINGS, type Surroundings } from './surroundings.ts'
import { watch, watchCommand } from './watch.ts'

const DOWN = 'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?\n'

export interface Trouble {
  /** Time that each command takes, ms. */
  delayMs?: number
  /** Every Nth command fails, as with an API server that is restarting. */
  failsEvery?: number
}

/** The stand-in kubectl, without a separate process for each command. */
export function standInLauncher(
  cluster: StandInCluster,
  surroundings: Partial<Surroundings> = {},
  trouble: Trouble = {},
): Launcher {
  const all = { ...GOOD_SURROUNDINGS, ...surroundings }
  let commands = 0
  const isDown = () => {
    commands += 1
    return trouble.failsEvery !== undefined && commands % trouble.failsEvery === 0
  }
  return {
    run: async (args, input, signal) => {
      if (trouble.delayMs !== undefined) await sleep(trouble.delayMs, undefined, { signal })
      signal.throwIfAborted()
      if (isDown()) return { code: 1, stdout: '', stderr: DOWN }
      return kubectl(cluster, all, args, input)
    },
    start: (args) =>
      longRunning(async (print, signal) => {
        const watched = watchCommand(args)
        if (isDown()) return DOWN
        if (watched !== undefined) return watch(cluster, all, watched, print, signal)
        const followed = followCommand(args)
        if (followed !== undefined) return followLogs(cluster, followed, print, signal)
        const lines = forwarded(cluster, args)
        if (lines === undefined) return 'error: unable to forward port: pod not found'
        for (const line of lines) print(line)
        if (!signal.aborted) await once(signal, 'abort')
        return ''
      }),
  }
}

/** A command that keeps running until it is stopped: `run` prints its lines and returns its error output. */
function longRunning(run: (print: (line: string) => void, signal: AbortSignal) => Promise<string>): LongRunning {
  const listeners: ((line: string) => void)[] = []
  const stopping = new AbortController()
  const print = (line: string) => {
    for (const listener of listeners) listener(line)
  }
  const begin = async () => {
    // After those who started it have said what is to be done with its lines.
    await setImmediate()
    return stopping.signal.aborted ? '' : run(print, stopping.signal)
  }
  return { onLine: (listener) => listeners.push(listener), ended: begin(), stop: () => stopping.abort() }
}
