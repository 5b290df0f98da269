import { type KubeObject, nameOf } from '../kube-object.ts'
import { ManifestSet } from './manifest-set.ts'

/** A rule's finding about one object. */
export interface Finding {
  rule: string
  object: string
  message: string
  level: Rule['level']
}

/** A mistake that Kubernetes accepts and that the mesh ignores, or that breaks traffic. */
export interface Rule {
  id: string
  /** The consequence of the mistake, in one sentence. */
  why: string
  /** A warning may be intended; an error never is. */
  level: 'error' | 'warning'
  check: (set: ManifestSet) => Fault[]
}

/** An object at fault and its problem. */
export type Fault = [object: KubeObject, message: string]

/** Makes a rule; its severity is error by default. */
export function rule(id: string, why: string, check: Rule['check'], level: Rule['level'] = 'error'): Rule {
  return { id, why, level, check }
}

/** One fault for each of `objects` for which `message` returns a text. */
export function faults<T extends KubeObject>(
  objects: T[],
  message: (object: T) => string | undefined | false,
): Fault[] {
  return objects.flatMap((object) => {
    const text = message(object)
    return text ? [[object, text] satisfies Fault] : []
  })
}

/** Runs rules over the objects of one build. Throws if there are no objects: checking nothing must not pass. */
export function lint(objects: readonly KubeObject[], rules: readonly Rule[]): Finding[] {
  const set = new ManifestSet(objects)
  return rules.flatMap(({ id, level, check }) =>
    check(set).map(([object, message]) => ({ rule: id, object: nameOf(object), message, level })),
  )
}
