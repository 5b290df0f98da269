import type { Target } from '../by-hand/by-hand.ts'
import { portsOf } from './pod-ports.ts'
import type { Workloads } from './workloads.ts'

type Known = Pick<Workloads, 'byWorkload' | 'labelsOf'>

/** How a reader reaches any pod of a workload; undefined if none is known. */
export function targetOf(workloads: Known, workload: string): Target | undefined {
  const [pod] = workloads.byWorkload.get(workload) ?? []
  return pod && { workload, labels: workloads.labelsOf(workload), index: undefined, ports: portsOf(pod) }
}

/** How a reader reaches that pod of its workload; undefined if it is not known. */
export function targetOfPod(workloads: Known, name: string): Target | undefined {
  for (const [workload, pods] of workloads.byWorkload) {
    const names = pods.map((pod) => pod.name).sort()
    const target = names.includes(name) ? targetOf(workloads, workload) : undefined
    if (target !== undefined) return { ...target, index: names.length === 1 ? undefined : names.indexOf(name) }
  }
  return undefined
}
