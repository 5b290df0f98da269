import type { KubeObject } from '../kube-object.ts'

/** A build whose objects are there by the time a test runs. */
export interface Built {
  name: string
  objects: () => KubeObject[]
}
