import { stringify } from 'yaml'
import { type Kubectl, KubectlError } from './kubectl.ts'
import type { KubeObject, List } from './kubernetes-types.ts'

const OWNER = 'app.kubernetes.io/managed-by=linkerd-scenario-prove'
const RUN = 'linkerd-scenario/run'

/** A namespace that a run makes for itself, and knows again by its label. */
export interface OwnNamespace {
  name: string
  /** Names the run. */
  id: string
}

/** Makes the namespace. Rejects with a sentence where it is there already: what is in it is not ours. */
export async function createNamespace(kubectl: Kubectl, { name, id }: OwnNamespace): Promise<void> {
  const [owner = '', us] = OWNER.split('=')
  const metadata = { name, labels: { [owner]: us, [RUN]: id } }
  try {
    await kubectl.run(['create', '-f', '-'], { input: stringify({ apiVersion: 'v1', kind: 'Namespace', metadata }) })
  } catch (error) {
    if (!(error instanceof KubectlError) || !error.stderr.includes('AlreadyExists')) throw error
    // A create whose answer got lost is tried again, and finds what it made.
    const found = await kubectl.json<KubeObject>(['get', 'namespace', name])
    if (found.metadata.labels?.[RUN] === id) return
    throw new Error(
      `The namespace ${name} exists already, and what is in it would be mixed up with this run: choose another --namespace, or remove it with \`kubectl delete namespace ${name}\`.`,
    )
  }
}

/** Removes what this run has made, and nothing else, and waits until it is gone. */
export async function deleteNamespace(kubectl: Kubectl, { id }: OwnNamespace, timeoutMs: number): Promise<void> {
  await kubectl.run(['delete', 'namespace', '-l', `${RUN}=${id}`, '--wait=true'], { timeoutMs })
}

/** Namespaces that earlier runs have left. */
export async function leftovers(kubectl: Kubectl): Promise<string[]> {
  const { items } = await kubectl.json<List<KubeObject>>(['get', 'namespaces', '-l', OWNER])
  return items.map(({ metadata }) => metadata.name)
}
