import type { DeploymentObject, EventObject, PodObject } from './kubernetes-types.ts'

/** Why pods do not start. */
export interface Obstacle {
  reason: string
  /** Waiting cannot help. Any other obstacle is given a few seconds: pods that end may free resources. */
  isCertain: boolean
}

const NO_IMAGE = new Set(['ErrImagePull', 'ImagePullBackOff', 'ErrImageNeverPull', 'InvalidImageName'])

/** The first obstacle that keeps the pods of these deployments from starting; undefined if there is none. */
export function obstacleOf(deployments: readonly DeploymentObject[], pods: readonly PodObject[]): Obstacle | undefined {
  const all = [...pods.map(broken), ...deployments.map(refused), ...pods.map(unschedulable)]
  return all.find((obstacle) => obstacle !== undefined)
}

/** Whether an autoscaler has reacted: then it is worth waiting for a pod that has no node. */
export function isScalingUp(events: readonly EventObject[]): boolean {
  return events.some(({ reason }) => reason === 'TriggeredScaleUp')
}

/** An image that cannot be pulled, or a service that exits right after its start. */
function broken({ metadata, spec, status }: PodObject): Obstacle | undefined {
  const containers = [...spec.containers, ...(spec.initContainers ?? [])]
  const statuses = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]
  for (const { name, state, restartCount } of statuses) {
    const reason = state?.waiting?.reason ?? ''
    if (NO_IMAGE.has(reason)) {
      const image = containers.find((container) => container.name === name)?.image ?? 'its image'
      return certain(
        `The cluster cannot get the image ${image} (${reason}, pod ${metadata.name}). Push it and name its place with ` +
          '--registry and --tag, or load it into the nodes, e.g. `kind load docker-image`.',
      )
    }
    if (reason === 'CrashLoopBackOff' && restartCount >= 2) {
      return certain(
        `The container ${name} of pod ${metadata.name} ends as soon as it starts: \`kubectl logs ${metadata.name} -c ${name} --previous\`.`,
      )
    }
  }
  return undefined
}

/** Pods that the API server refuses to create: a quota, a policy, a webhook, a namespace that is being deleted. */
function refused({ metadata, status }: DeploymentObject): Obstacle | undefined {
  const condition = status?.conditions?.find(({ type, status: is }) => type === 'ReplicaFailure' && is === 'True')
  const message = condition?.message
  if (message === undefined) return undefined
  return {
    reason: `The cluster refuses pods of ${metadata.name}: ${message}. ${remedyFor(message)}`,
    isCertain: /being terminated/.test(message),
  }
}

function remedyFor(message: string): string {
  if (/being terminated/.test(message)) return 'Somebody has deleted the namespace: start the run again.'
  if (/exceeded quota/.test(message)) return 'Raise the quota, or prove fewer features at a time.'
  if (/webhook/.test(message)) return 'The webhook that the message names has to admit these pods.'
  if (/PodSecurity/.test(message)) return 'Relax the pod security level of the namespace for the run.'
  return 'The policy that the message names has to admit these pods.'
}

/** A pod that no node has room for. */
function unschedulable({ metadata, status }: PodObject): Obstacle | undefined {
  const condition = status.conditions?.find(
    ({ type, status: is, reason }) => type === 'PodScheduled' && is === 'False' && reason === 'Unschedulable',
  )
  if (condition === undefined) return undefined
  return {
    reason: `Pod ${metadata.name} fits on no node, and no autoscaler has answered: ${condition.message ?? 'Unschedulable'}. Free some room, or uncordon a node: \`kubectl get nodes\`.`,
    isCertain: false,
  }
}

function certain(reason: string): Obstacle {
  return { reason, isCertain: true }
}
