import { ByHand } from '../src/by-hand/by-hand.ts'
import { NamedFiles } from '../src/by-hand/named-files.ts'
import { CLUSTER_PACE } from '../src/cluster/pace.ts'
import type { TestNamespace } from '../src/cluster/test-namespace.ts'
import { Waits } from '../src/cluster/waits.ts'
import { QuietGate } from '../src/lanes/quiet-gate.ts'
import type { RunContext } from '../src/run-context.ts'

/** For tests: a namespace that records what it is asked to do; only composing matters. */
export function fakeNamespace(accepts = true, shed: number[] = []) {
  const done: string[] = []
  let nowMs = 0
  const namespace = {
    name: 'test',
    pace: CLUSTER_PACE,
    clock: {
      now: () => nowMs,
      sleep: async (ms: number) => {
        nowMs += ms
      },
    },
    signal: new AbortController().signal,
    waits: new Waits({ quietMs: 5000, announce: () => undefined, lastWarning: async () => undefined }),
    mesh: () => Promise.reject(new Error('no proxy')),
    whileSettling: (work: () => Promise<unknown>) => work(),
    takeShed: async () => shed.shift() ?? 0,
    ensure: async () => void done.push('ensure'),
    compose: async (component: { path: string } | undefined) => {
      done.push(`compose ${component?.path ?? 'nothing'}`)
      if (component === undefined) return []
      return [{ name: 'accepted', says: 'it is accepted', witness: 'cluster', holds: accepts, seen: 'its status' }]
    },
  } as unknown as TestNamespace
  return { namespace, done }
}

/** For tests: what a lane gives to the proof of a feature. */
export function fakeContext(namespace: TestNamespace): RunContext {
  return {
    namespace,
    controlPlane: 'linkerd',
    lacks: (need) => ('crd' in need ? `no ${need.crd}` : undefined),
    keepEvidence: async () => 'folder',
    findCauses: async () => ['The namespace says so.'],
    byHand: new ByHand({ namespace: 'test', lane: 'test', files: new NamedFiles() }),
    gate: new QuietGate(),
    watcher: { starts: () => undefined, phase: () => undefined, ends: () => undefined, announces: () => undefined },
  }
}
