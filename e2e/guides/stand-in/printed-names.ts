import type { Applied } from '../../stand-in-mesh/proxy/policies/policies.ts'

/** The name of an object as kubectl prints it, e.g. `deployment.apps/consumer-v1`. */
export function printedName({ apiVersion, kind, metadata }: Applied): string {
  return `${resourceOf(apiVersion, kind)}/${metadata.name}`
}

/** As kubectl prints it when it deletes the object. */
export function printedDeletion({ apiVersion, kind, metadata }: Applied): string {
  return `${resourceOf(apiVersion, kind)} "${metadata.name}" deleted`
}

function resourceOf(apiVersion: string, kind: string): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
  return `${kind.toLowerCase()}${group}`
}
