/**
 * What keeps the pods of the run from starting: no node has room for them (`no-node`; with `scaling-up`, an autoscaler
 * reacts), their image cannot be pulled, or the API server refuses to create them.
 */
export type HeldUp = 'no-node' | 'scaling-up' | 'no-image' | 'quota' | 'webhook'

const NO_NODE =
  '0/1 nodes are available: 1 node(s) were unschedulable. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'

const REFUSALS: Partial<Record<HeldUp, string>> = {
  quota:
    'pods "provider-v1-5d8c6b7f9-abcde" is forbidden: exceeded quota: team, requested: pods=1, used: pods=10, limited: pods=10',
  webhook: 'admission webhook "guard.example.com" denied the request: image registry is not trusted',
}

/** The message with which the API server refuses the pods; undefined if it does not. */
export const refusalOf = (heldUp: HeldUp | undefined): string | undefined => heldUp && REFUSALS[heldUp]

/** Why the scheduler finds no node; undefined if it finds one. */
export const noNodeFor = (heldUp: HeldUp | undefined): string | undefined =>
  heldUp === 'no-node' || heldUp === 'scaling-up' ? NO_NODE : undefined

/** The events that the cluster writes about the pods. */
export function eventsOf(heldUp: HeldUp | undefined): object[] {
  const refusal = refusalOf(heldUp)
  if (refusal !== undefined) return [event('FailedCreate', `Error creating: ${refusal}`)]
  if (heldUp === 'no-image') return [event('Failed', 'Error: ErrImagePull')]
  if (heldUp === 'no-node') return [event('FailedScheduling', NO_NODE)]
  if (heldUp !== 'scaling-up') return []
  return [
    event('FailedScheduling', NO_NODE),
    event('TriggeredScaleUp', 'pod triggered scale-up: [{pool 1->2 (max: 3)}]', 'Normal'),
  ]
}

function event(reason: string, message: string, type = 'Warning'): object {
  const lastTimestamp = '2026-01-01T00:00:00Z'
  return {
    kind: 'Event',
    metadata: { name: reason, creationTimestamp: lastTimestamp },
    type,
    reason,
    message,
    lastTimestamp,
  }
}
