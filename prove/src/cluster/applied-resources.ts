import { type Kubectl, KubectlError } from './kubectl.ts'
import type { KubeObject, List } from './kubernetes-types.ts'

/** All resources that features apply, as `resourceOf` names them. */
export const APPLIED_RESOURCES: readonly string[] = [
  'deployment.apps',
  'service',
  'serviceaccount',
  'httproute.gateway.networking.k8s.io',
  'server.policy.linkerd.io',
  'authorizationpolicy.policy.linkerd.io',
  'meshtlsauthentication.policy.linkerd.io',
  'httplocalratelimitpolicy.policy.linkerd.io',
  'egressnetwork.policy.linkerd.io',
]

/**
 * The objects of one resource in a namespace; those with a label if `selector` names one. None if the cluster does not
 * know the resource. Rejects with a KubectlError, e.g. without the right to list it.
 */
export async function objectsOf(
  kubectl: Kubectl,
  namespace: string,
  resource: string,
  selector?: string,
): Promise<KubeObject[]> {
  const selection = selector === undefined ? [] : ['-l', selector]
  try {
    return (await kubectl.json<List<KubeObject>>(['get', resource, '-n', namespace, ...selection])).items
  } catch (error) {
    if (error instanceof KubectlError && error.stderr.includes("doesn't have a resource type")) return []
    throw error
  }
}
