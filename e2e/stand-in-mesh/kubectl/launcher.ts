import { setTimeout as sleep } from 'node:timers/promises'
import type { Launcher } from '../../../prove/src/cluster/kubectl.ts'
import type { StandInCluster } from '../stand-in-cluster.ts'
import { forwarded, kubectl } from './commands.ts'
import { GOOD_SURROUNDINGS, type Surroundings } from './surroundings.ts'

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
      if (isDown())
        return { code: 1, stdout: '', stderr: 'The connection to the server was refused: connection refused\n' }
      return kubectl(cluster, all, args, input)
    },
    start: (args) => {
      const listeners: ((line: string) => void)[] = []
      const { promise: ended, resolve } = Promise.withResolvers<string>()
      const begin = setImmediate(() => {
        const lines = isDown() ? undefined : forwarded(cluster, args)
        if (lines === undefined) return resolve('error: unable to forward port: pod not found')
        for (const line of lines) for (const listener of listeners) listener(line)
      })
      return {
        onLine: (listener) => listeners.push(listener),
        ended,
        stop: () => {
          clearImmediate(begin)
          resolve('')
        },
      }
    },
  }
}
