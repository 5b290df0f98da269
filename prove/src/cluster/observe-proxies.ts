import type { Observation, Sample } from '../expectations/observation.ts'
import { WayLost } from './admin-port.ts'
import { increase, isStill } from './metrics.ts'
import type { Pod, Seen, TestNamespace } from './test-namespace.ts'

type Reading = Map<string, { pod: Pod; samples: readonly Sample[] }>

/** How often an observation starts again because the connection to a pod broke. */
const ATTEMPTS = 3
/** Readings until the counters stop changing; if they still change after that, there is traffic that is not ours. */
const READINGS = 8

/** Runs `steps` between two readings of the proxies, and returns what both saw. */
export async function observeProxies(
  namespace: TestNamespace,
  workloads: Readonly<Record<string, string>>,
  steps: () => Promise<Seen>,
): Promise<Observation> {
  let read = readNow
  for (let attempt = 1; ; attempt += 1) {
    try {
      const before = await readAll(namespace, Object.values(workloads), read)
      return await observeFrom(before, namespace, workloads, steps)
    } catch (error) {
      if (!(error instanceof WayLost) || attempt >= ATTEMPTS) throw error
      // What broke off here may go on in its pod for a moment: its calls do not belong to the next attempt.
      read = still
    }
  }
}

async function observeFrom(
  before: ReadonlyMap<string, Reading>,
  namespace: TestNamespace,
  workloads: Readonly<Record<string, string>>,
  steps: () => Promise<Seen>,
): Promise<Observation> {
  const { bursts = {}, facts = {} } = await steps()
  const proxies: Record<string, readonly Sample[]> = {}
  await Promise.all(
    Object.entries(workloads).map(async ([name, workload]) => {
      const pods = await namespace.pods(workload)
      const was = before.get(workload)
      refuseChange(workload, was, pods)
      const rows = await Promise.all(
        pods
          .filter(({ proxy }) => proxy !== undefined)
          .map(async (pod) => increase(was?.get(pod.uid)?.samples ?? [], await still(namespace, pod.name))),
      )
      proxies[name] = rows.flat()
    }),
  )
  return { bursts, proxies, facts: { namespace: namespace.name, ...(await domainOf(namespace)), ...facts } }
}

/** The suffix of every identity in this mesh, for expectations about the caller. */
async function domainOf(namespace: TestNamespace): Promise<Observation['facts']> {
  const facts = await namespace.mesh().catch(() => undefined)
  return facts === undefined ? {} : { identityDomain: `identity.${facts.controlPlane}.${facts.trustDomain}` }
}

async function readAll(
  namespace: TestNamespace,
  workloads: readonly string[],
  read: typeof readNow,
): Promise<Map<string, Reading>> {
  const readOne = async (pod: Pod) => {
    const samples = pod.proxy === undefined ? [] : await read(namespace, pod.name)
    return [pod.uid, { pod, samples }] as const
  }
  const readings = workloads.map(async (workload) => {
    const pods = await namespace.pods(workload)
    return [workload, new Map(await Promise.all(pods.map(readOne)))] as const
  })
  return new Map(await Promise.all(readings))
}

async function readNow(namespace: TestNamespace, pod: string): Promise<readonly Sample[]> {
  return (await namespace.counters(pod)) ?? []
}

/** A request is counted when its response body has ended: reads until the counters stop changing. */
async function still(namespace: TestNamespace, pod: string): Promise<readonly Sample[]> {
  let samples = await readNow(namespace, pod)
  for (let readings = 1; readings < READINGS; readings += 1) {
    await namespace.clock.sleep(namespace.pace.countersMs, namespace.signal)
    const next = await readNow(namespace, pod)
    if (isStill(samples, next)) return next
    samples = next
  }
  return samples
}

function refuseChange(workload: string, was: Reading | undefined, pods: readonly Pod[]): void {
  const restarted = pods.filter(({ uid, proxy }) => {
    const earlier = was?.get(uid)
    return earlier === undefined || (earlier.pod.proxy?.restarts ?? 0) !== (proxy?.restarts ?? 0)
  })
  if (restarted.length === 0 && pods.length === was?.size) return
  throw new Error(`A pod of ${workload} was replaced or its proxy restarted in the middle of a measurement`)
}
