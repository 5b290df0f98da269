import type { Applied } from '../../stand-in-mesh/proxy/policies/policies.ts'

/** Short names that the guides use. */
const ALIASES: Record<string, string> = { deploy: 'deployment', svc: 'service' }

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

/** Kind in lower case and name of `deploy/consumer-v1` or of `httproute provider-retry`. */
export function parseResource(args: readonly string[]): { kind: string; name: string } {
  const [first = '', second = ''] = args
  const [kind = '', name = second] = first.split('/')
  const singular = kind.replace(/s$/, '').split('.')[0] ?? ''
  return { kind: ALIASES[singular] ?? singular, name }
}
