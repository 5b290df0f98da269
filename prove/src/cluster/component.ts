/** A kustomize component below k8s/, applied on top of the base while a phase runs. */
export interface Component {
  /** Folder below k8s/, e.g. `features/retries`. */
  path: string
  /** Folders below k8s/workloads that the component includes itself, so that they are not applied twice. */
  brings?: readonly string[]
}
