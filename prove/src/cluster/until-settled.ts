import { isDeployment, type KubeObject } from './kubernetes-types.ts'
import type { NamespaceAccess } from './namespace-access.ts'
import type { NamespaceEvents } from './namespace-events.ts'
import { obstacleOf } from './obstacles.ts'
import { Patience } from './patience.ts'
import { podsOf } from './pod-state.ts'

/** How long a wait trusts the watches before it compares them with a list, ms. */
const TRUST_MS = 10_000

export interface Settling extends Omit<NamespaceAccess, 'signal' | 'waits'> {
  events: NamespaceEvents
  /** All deployments and pods, from the watches. */
  look: () => Promise<readonly KubeObject[]>
  /** What is missing of the wanted state; undefined once it is reached. */
  waitingFor: (objects: readonly KubeObject[]) => string | undefined
  /** Compares the watches with a list. */
  confirm: () => Promise<void>
  /** Resolves with the next change, after this time at the latest. */
  changed: (ms: number) => Promise<void>
}

/**
 * Waits until the deployments have exactly their replicas, all new and ready, with no old pod left. `onWaiting` is told
 * what is missing. Rejects with the reason if that is impossible or takes too long.
 */
export async function untilSettled(
  names: readonly string[],
  settling: Settling,
  onWaiting: (reason: string) => void,
): Promise<void> {
  const { clock, pace, events } = settling
  const startedAt = clock.now()
  let trustedAt = startedAt
  const patience = new Patience(pace.hopelessMs, clock)
  for (;;) {
    const objects = await settling.look()
    const waiting = settling.waitingFor(objects)
    if (waiting === undefined) return
    onWaiting(waiting)
    const deployments = objects.filter(isDeployment).filter(({ metadata }) => names.includes(metadata.name))
    if (deployments.length < names.length) await refuseEnding(settling)
    const pods = deployments.flatMap((deployment) => podsOf(deployment, objects))
    const obstacle = patience.over(obstacleOf(deployments, pods), pods)
    if (obstacle !== undefined && !(await events.willRemove(obstacle))) throw new Error(obstacle.reason)
    if (clock.now() - startedAt > pace.rolloutMs) throw new Error(await lateBecause(waiting, settling))
    if (clock.now() - trustedAt > TRUST_MS) {
      await settling.confirm()
      trustedAt = clock.now()
    }
    await settling.changed(pace.pollMs)
  }
}

async function lateBecause(waiting: string, { events, pace }: Settling): Promise<string> {
  const warning = await events.lastWarning()
  const last = warning === undefined ? '' : ` The last warning of the namespace: ${warning}`
  return `After ${Math.round(pace.rolloutMs / 1000)} s ${waiting}.${last}`
}

/** If somebody else deletes the namespace, its deployments disappear too. */
async function refuseEnding({ kubectl, namespace }: Settling): Promise<void> {
  const { metadata } = await kubectl.json<KubeObject>(['get', 'namespace', namespace])
  if (metadata.deletionTimestamp === undefined) return
  throw new Error(`The namespace ${namespace} is being terminated: somebody has deleted it. Start the run again.`)
}
