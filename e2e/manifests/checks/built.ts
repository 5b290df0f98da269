import type { KubeObject } from '../kube-object.ts'

/** A build whose objects are available when a test runs. */
export interface Built {
  name: string
  objects: () => KubeObject[]
}
