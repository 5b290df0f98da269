import { APPLIED_RESOURCES, objectsOf } from './cluster/applied-resources.ts'
import { type Kubectl, KubectlError } from './cluster/kubectl.ts'
import { idOf, type KubeObject, resourceOf } from './cluster/kubernetes-types.ts'
import { leftovers, removeLeftovers, untilGone } from './cluster/namespace.ts'
import { withKubectl } from './cluster/preflight.ts'
import { REMOVAL_MS } from './cluster/removal.ts'
import { RUN_LABEL, untilPodsGone } from './cluster/run-objects.ts'

/** Prints a line for the user. */
type Say = (line: string) => void

/**
 * Removes what runs that were killed have left, and waits until it is gone: their namespaces, or with `inNamespace` their
 * objects in this one. Returns the exit code.
 */
export async function cleanUp(kubectl: Kubectl, inNamespace: string | undefined, say: Say): Promise<0 | 2> {
  try {
    return await withKubectl(() =>
      inNamespace === undefined ? removeNamespaces(kubectl, say) : removeObjects(kubectl, inNamespace, say),
    )
  } catch (error) {
    say(`Could not clean up: ${error instanceof Error ? error.message : String(error)}`)
    return 2
  }
}

async function removeNamespaces(kubectl: Kubectl, say: Say): Promise<0> {
  const found = await leftovers(kubectl)
  if (found.length === 0) say('No run has left a namespace.')
  else {
    await removeLeftovers(kubectl)
    for (const { name } of found) say(`Removing the namespace ${name} …`)
    await Promise.all(found.map(({ name }) => untilGone(kubectl, name, REMOVAL_MS)))
    say(found.length === 1 ? 'It is gone.' : 'They are gone.')
  }
  return 0
}

async function removeObjects(kubectl: Kubectl, namespace: string, say: Say): Promise<0 | 2> {
  const refusals: KubectlError[] = []
  const listed = APPLIED_RESOURCES.map((resource) =>
    objectsOf(kubectl, namespace, resource, RUN_LABEL).catch((error: unknown): KubeObject[] => {
      if (!(error instanceof KubectlError)) throw error
      refusals.push(error)
      return []
    }),
  )
  const found = (await Promise.all(listed)).flat()
  if (found.length > 0) {
    say(`Removing from the namespace ${namespace}: ${found.map(idOf).join(', ')} …`)
    await removeLabelled(kubectl, namespace, [...new Set(found.map(resourceOf))])
    say(found.length === 1 ? 'It is gone.' : 'They are gone.')
  }
  const [refusal] = refusals
  if (refusal === undefined) {
    if (found.length === 0) say(`No run has left anything in the namespace ${namespace}.`)
    return 0
  }
  say(`Could not look for everything that runs leave: ${refusal.message}`)
  return 2
}

/** Removes what carries the label of any run, and waits until it is gone, and the pods with it. */
async function removeLabelled(kubectl: Kubectl, namespace: string, resources: readonly string[]): Promise<void> {
  const timeout = `--timeout=${REMOVAL_MS / 1000}s`
  const args = ['delete', resources.join(','), '-n', namespace, '-l', RUN_LABEL, timeout]
  await kubectl.run(args, { timeoutMs: REMOVAL_MS + 5000 })
  await untilPodsGone(kubectl, namespace, RUN_LABEL, REMOVAL_MS)
}
