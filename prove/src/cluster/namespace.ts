import { stringify } from 'yaml'
import { type Kubectl, KubectlError } from './kubectl.ts'
import type { KubeObject, List } from './kubernetes-types.ts'
import type { RemovalTarget } from './removal.ts'
import { RUN_LABEL } from './run-objects.ts'

const OWNER = 'app.kubernetes.io/managed-by=linkerd-scenario-prove'

/** Creates a namespace for a run. Rejects with a sentence if it exists already: its contents are not ours. */
export async function createNamespace(kubectl: Kubectl, name: string, run: string): Promise<void> {
  const [owner = '', us] = OWNER.split('=')
  const metadata = { name, labels: { [owner]: us, [RUN_LABEL]: run } }
  try {
    await kubectl.run(['create', '-f', '-'], { input: stringify({ apiVersion: 'v1', kind: 'Namespace', metadata }) })
  } catch (error) {
    if (!(error instanceof KubectlError) || !error.stderr.includes('AlreadyExists')) throw error
    // A create whose answer got lost is retried, and then finds its own namespace.
    const found = await kubectl.json<KubeObject>(['get', 'namespace', name])
    if (found.metadata.labels?.[RUN_LABEL] === run) return
    throw new Error(
      `The namespace ${name} exists already, and what is in it would be mixed up with this run: choose another --namespace, or remove it with \`kubectl delete namespace ${name}\`.`,
    )
  }
}

/** Requests the deletion of all namespaces of one run, and of nothing else. Does not wait for it. */
export async function requestDeletion(kubectl: Kubectl, run: string): Promise<void> {
  await kubectl.run(['delete', 'namespace', '-l', `${RUN_LABEL}=${run}`, '--wait=false'])
}

/** The run's own namespaces, to be removed with everything in them. */
export function ownNamespaces(names: readonly string[], run: string): RemovalTarget {
  return {
    description: names.length === 1 ? `the namespace ${names[0]}` : `the namespaces ${names.join(', ')}`,
    remedy: '`prove --clean` finds namespaces that are left.',
    request: (kubectl) => requestDeletion(kubectl, run),
    isAccepted: async (kubectl) =>
      (await namespacesWith(kubectl, `${RUN_LABEL}=${run}`)).every(({ isTerminating }) => isTerminating),
    untilGone: async (kubectl, timeoutMs) => {
      await Promise.all(names.map((name) => untilGone(kubectl, name, timeoutMs)))
    },
  }
}

/** Waits until a namespace is gone. Rejects after `timeoutMs`. */
export async function untilGone(kubectl: Kubectl, name: string, timeoutMs: number): Promise<void> {
  const timeout = `--timeout=${Math.ceil(timeoutMs / 1000)}s`
  await kubectl.run(['wait', '--for=delete', `namespace/${name}`, timeout], { timeoutMs: timeoutMs + 5000 })
}

interface Found {
  name: string
  isTerminating: boolean
}

/** Namespaces of earlier runs; those that are already being removed are marked. */
export function leftovers(kubectl: Kubectl): Promise<Found[]> {
  return namespacesWith(kubectl, OWNER)
}

async function namespacesWith(kubectl: Kubectl, selector: string): Promise<Found[]> {
  const { items } = await kubectl.json<List<KubeObject>>(['get', 'namespaces', '-l', selector])
  return items.map(({ metadata: { name, deletionTimestamp } }) => ({
    name,
    isTerminating: deletionTimestamp !== undefined,
  }))
}

/** Requests the deletion of the namespaces of all runs. */
export async function removeLeftovers(kubectl: Kubectl): Promise<void> {
  await kubectl.run(['delete', 'namespace', '-l', OWNER, '--wait=false'])
}
