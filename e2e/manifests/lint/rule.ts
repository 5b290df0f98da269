import { type KubeObject, nameOf } from '../kube-object.ts'
import { ManifestSet } from './manifest-set.ts'

/** What a rule found wrong with one object. */
export interface Finding {
  rule: string
  object: string
  message: string
  level: Rule['level']
}

/** One mistake that Kubernetes accepts and that the mesh ignores, or that breaks traffic. */
export interface Rule {
  id: string
  /** What happens to who makes the mistake, in one sentence. */
  why: string
  /** A warning may be what somebody wants; an error never is. */
  level: 'error' | 'warning'
  check: (set: ManifestSet) => Fault[]
}

/** An object at fault and what is wrong with it. */
export type Fault = [object: KubeObject, message: string]

/** Makes a rule; an error unless said otherwise. */
export function rule(id: string, why: string, check: Rule['check'], level: Rule['level'] = 'error'): Rule {
  return { id, why, level, check }
}

/** One fault for each of `objects` about which `message` says something. */
export function faults<T extends KubeObject>(
  objects: T[],
  message: (object: T) => string | undefined | false,
): Fault[] {
  return objects.flatMap((object) => {
    const text = message(object)
    return text ? [[object, text] satisfies Fault] : []
  })
}

/** Runs rules over the objects of one build. Throws where there are no objects: that would be a pass on nothing. */
export function lint(objects: readonly KubeObject[], rules: readonly Rule[]): Finding[] {
  const set = new ManifestSet(objects)
  return rules.flatMap(({ id, level, check }) =>
    check(set).map(([object, message]) => ({ rule: id, object: nameOf(object), message, level })),
  )
}
