/** A kustomize component below k8s/, composed with the base while a phase runs. */
export interface Component {
  /** Folder below k8s/, e.g. `features/retries`. */
  path: string
  /** Folders below k8s/workloads that the component brings along, so that they are not composed twice. */
  brings?: readonly string[]
}
