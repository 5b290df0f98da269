import { stringify } from 'yaml'
import type { Kubectl } from './kubectl.ts'

/** Something that a run has to be allowed to do. */
export interface Right {
  verb: string
  /** Plural with its group, and a subresource: `pods`, `deployments.apps`, `pods/exec`. */
  resource: string
  /** Everywhere, not only in the namespace of the run. */
  isClusterWide?: boolean
}

/** Asks the API server about all rights with one command. Returns those that the user does not have. */
export async function missingRights(kubectl: Kubectl, namespace: string, rights: readonly Right[]): Promise<Right[]> {
  const items = rights.map((right) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: attributesOf(right, namespace) },
  }))
  // One line for each answer, in the order of the questions. Nothing is stored, so there is nothing to validate.
  const args = ['create', '--validate=false', '-f', '-', '-o', 'jsonpath={.status.allowed}{"\\n"}']
  const answer = await kubectl.run(args, { input: stringify({ apiVersion: 'v1', kind: 'List', items }) })
  const allowed = answer.trim().split('\n')
  if (allowed.length !== rights.length)
    throw new Error(`The API server answered ${allowed.length} of ${rights.length} access reviews: ${answer}`)
  return rights.filter((_, index) => allowed[index] !== 'true')
}

/** `create pods/exec` */
export function textOf({ verb, resource }: Right): string {
  return `${verb} ${resource}`
}

/** The command that shows whether a user has the right. */
export function checkOf({ verb, resource, isClusterWide }: Right, namespace: string): string {
  const [what, subresource] = resource.split('/')
  const part = subresource === undefined ? '' : ` --subresource=${subresource}`
  return `kubectl auth can-i ${verb} ${what}${part} ${isClusterWide ? '-A' : `-n ${namespace}`}`
}

function attributesOf({ verb, resource: full, isClusterWide }: Right, namespace: string): object {
  const [what = '', subresource] = full.split('/')
  const [resource, ...group] = what.split('.')
  return {
    verb,
    resource,
    group: group.join('.'),
    ...(subresource === undefined ? {} : { subresource }),
    ...(isClusterWide ? {} : { namespace }),
  }
}
