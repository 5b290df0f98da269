import type { KubeObject } from '../kube-object.ts'
import { BUILT_IN_DEFAULTS } from './built-in-defaults.ts'
import { CRD_DEFAULTS } from './crd-defaults.ts'
import type { Default, Fields } from './field-default.ts'

const DEFAULTS: Readonly<Record<string, readonly Default[]>> = { ...BUILT_IN_DEFAULTS, ...CRD_DEFAULTS }

/**
 * The object with every default that the API server fills in. Throws on a kind without recorded defaults: otherwise it
 * would count as unchanged without being checked.
 */
export function withDefaults(object: KubeObject): KubeObject {
  const defaults = DEFAULTS[`${object.apiVersion} ${object.kind}`]
  if (defaults === undefined) throw new Error(`The defaults of ${object.apiVersion} ${object.kind} are not known`)
  const copy = structuredClone(object)
  for (const [path, value] of defaults) fill(copy, path.split('.'), value)
  return copy
}

function fill(holder: unknown, [step = '', ...rest]: readonly string[], value: unknown): void {
  if (typeof holder !== 'object' || holder === null) return
  const fields = holder as Fields
  if (step.endsWith('[]')) {
    const list = fields[step.slice(0, -2)]
    if (Array.isArray(list)) for (const entry of list) fill(entry, rest, value)
  } else if (rest.length > 0) {
    fill(fields[step], rest, value)
  } else if (fields[step] === undefined) {
    const given = typeof value === 'function' ? (value as (holder: Fields) => unknown)(fields) : structuredClone(value)
    if (given !== undefined) fields[step] = given
  }
}
