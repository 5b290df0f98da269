import { METHODS } from 'node:http'

const KNOWN_METHODS = new Set(METHODS)

/** The method as a label: unknown ones are `_OTHER`, as the semantic conventions ask. */
export function methodLabel(method: string): string {
  return KNOWN_METHODS.has(method) ? method : '_OTHER'
}
