import { stringify } from 'yaml'
import type { Kubectl } from './kubectl.ts'

/** Something that a run has to be allowed to do. */
export interface Right {
  verb: string
  /** Plural with its group, and a subresource: `pods`, `deployments.apps`, `pods/exec`. */
  resource: string
  /** Where; undefined for the whole cluster. */
  namespace: string | undefined
  /** Of the one object that is concerned; undefined for all. */
  name: string | undefined
  /** The kind is one that the cluster may not have. */
  isCustom: boolean
}

/** Asks the API server about all rights with one command. Returns those that the user does not have. */
export async function missingRights(kubectl: Kubectl, rights: readonly Right[]): Promise<Right[]> {
  const items = rights.map((right) => ({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: attributesOf(right) },
  }))
  // One line for each answer, in the order of the questions. Nothing is stored, so there is nothing to validate.
  const args = ['create', '--validate=false', '-f', '-', '-o', 'jsonpath={.status.allowed}{"\\n"}']
  const answer = await kubectl.run(args, { input: stringify({ apiVersion: 'v1', kind: 'List', items }) })
  const allowed = answer.trim().split('\n')
  if (allowed.length !== rights.length)
    throw new Error(`The API server answered ${allowed.length} of ${rights.length} access reviews: ${answer}`)
  return rights.filter((_, index) => allowed[index] !== 'true')
}

/** `create, delete namespaces; get deployments.apps in team-a; create pods/exec in team-a` */
export function textOf(rights: readonly Right[]): string {
  const verbs = new Map<string, string[]>()
  for (const right of rights) {
    const what = objectsOf(right)
    verbs.set(what, [...(verbs.get(what) ?? []), right.verb])
  }
  return [...verbs].map(([what, all]) => `${all.join(', ')} ${what}`).join('; ')
}

/** Kinds whose objects lie in no namespace. */
const CLUSTER_SCOPED = new Set(['namespaces', 'customresourcedefinitions.apiextensions.k8s.io'])

function objectsOf({ resource, namespace, name }: Right): string {
  const what = name === undefined ? resource : `${resource}/${name}`
  if (CLUSTER_SCOPED.has(resource)) return what
  return `${what} in ${namespace ?? 'all namespaces'}`
}

/** The command that shows whether a user has the right. */
export function checkOf({ verb, resource, namespace, name }: Right): string {
  const [what, subresource] = resource.split('/')
  const one = name === undefined ? what : `${what}/${name}`
  const part = subresource === undefined ? '' : ` --subresource=${subresource}`
  return `kubectl auth can-i ${verb} ${one}${part} ${namespace === undefined ? '-A' : `-n ${namespace}`}`
}

function attributesOf({ verb, resource: full, namespace, name }: Right): object {
  const [what = '', subresource] = full.split('/')
  const [resource, ...group] = what.split('.')
  return {
    verb,
    resource,
    group: group.join('.'),
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
  }
}
