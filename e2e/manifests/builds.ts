import { build, compose, findKustomizations } from './build.ts'
import type { KubeObject } from './kube-object.ts'

/** One thing that a person can apply. */
export interface Build {
  name: string
  objects: () => KubeObject[]
}

// Made from the base only to be made into others: beside the base it would be the consumer a second time.
const PARTS = ['workloads/consumer-alone']

/**
 * Everything under k8s/ as it reaches a cluster: what stands alone by itself, components and workloads together with
 * the base, without which their references would point at nothing.
 */
export function allBuilds(): Build[] {
  return findKustomizations().map(({ path, kind }) => {
    const beside = (composition: { resources: string[]; components: string[] }) => ({
      name: `base + ${path}`,
      objects: () => compose(composition),
    })
    if (kind === 'Component') return beside({ resources: ['base'], components: [path] })
    if (path.startsWith('workloads/') && !PARTS.includes(path))
      return beside({ resources: ['base', path], components: [] })
    return { name: path, objects: () => build(path) }
  })
}
