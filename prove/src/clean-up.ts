import type { Kubectl } from './cluster/kubectl.ts'
import { leftovers, removeLeftovers, untilGone } from './cluster/namespace.ts'
import { withKubectl } from './cluster/preflight.ts'
import { REMOVAL_MS } from './cluster/removal.ts'

/** Removes the namespaces of runs that were killed, and waits until they are gone. Returns the exit code. */
export async function cleanUp(kubectl: Kubectl, say: (line: string) => void): Promise<0 | 2> {
  try {
    const found = await withKubectl(() => leftovers(kubectl))
    if (found.length === 0) say('No run has left a namespace.')
    else {
      await removeLeftovers(kubectl)
      for (const { name } of found) say(`Removing the namespace ${name} …`)
      await Promise.all(found.map(({ name }) => untilGone(kubectl, name, REMOVAL_MS)))
      say(found.length === 1 ? 'It is gone.' : 'They are gone.')
    }
    return 0
  } catch (error) {
    say(`Could not clean up: ${error instanceof Error ? error.message : String(error)}`)
    return 2
  }
}
