interface RolledOut {
  metadata: { generation: number }
  spec: { replicas: number }
  status: { observedGeneration: number; replicas: number; updatedReplicas: number; readyReplicas: number }
}

/** Whether a Deployment has the pods that it asks for and no others, as `kubectl rollout status` decides it. */
export function isRolledOut(deployment: object): boolean {
  const { metadata, spec, status } = deployment as RolledOut
  const { observedGeneration, replicas, updatedReplicas, readyReplicas } = status
  const isObserved = observedGeneration === metadata.generation
  return isObserved && [replicas, updatedReplicas, readyReplicas].every((count) => count === spec.replicas)
}
