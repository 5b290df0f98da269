import type { Template } from '../../stand-in-mesh/pod.ts'
import type { Applied } from '../../stand-in-mesh/proxy/policies/policies.ts'

const CHANGE = /^[\w.-]+\/[\w.-]+(=|-$)/

/** As `kubectl annotate` and `kubectl label` change an object: `key=value` sets, `key-` removes. */
export function withMetadata(object: Applied, field: 'annotations' | 'labels', args: readonly string[]): Applied {
  const { [field]: was, ...others } = object.metadata
  const values: Record<string, string> = { ...was }
  for (const change of args.filter((arg) => CHANGE.test(arg))) {
    const [key = '', ...value] = change.split('=')
    if (change.endsWith('-') && value.length === 0) delete values[change.slice(0, -1)]
    else values[key] = value.join('=')
  }
  const isEmpty = Object.keys(values).length === 0
  return { ...object, metadata: isEmpty ? others : { ...object.metadata, [field]: values } }
}

/** As `kubectl patch --type=json` changes an object: RFC 6902, of which the guides use `replace` alone. */
export function patched(object: Applied, patch: string): Applied {
  const copy = structuredClone(object)
  for (const { op, path, value } of JSON.parse(patch) as { op: string; path: string; value: unknown }[]) {
    if (op !== 'replace') throw new Error(`the stand-in knows no patch ${op}`)
    replaceAt(copy, path.split('/').slice(1), value)
  }
  return copy
}

function replaceAt(target: object, path: readonly string[], value: unknown): void {
  const [key = '', ...rest] = path
  const parent = target as Record<string, unknown>
  if (rest.length === 0) parent[key] = value
  else replaceAt(parent[key] as object, rest, value)
}

/** As `kubectl set env deployment/NAME A=b C-` changes a Deployment. */
export function withEnvironment(object: Applied, args: readonly string[]): Applied {
  const copy = structuredClone(object)
  const [container] = (copy.spec as unknown as { template: Template }).template.spec.containers
  if (container === undefined) throw new Error('no container')
  for (const change of args.slice(1)) {
    const [name = '', ...value] = change.split('=')
    const isRemoval = value.length === 0 && name.endsWith('-')
    const others = (container.env ?? []).filter((one) => one.name !== (isRemoval ? name.slice(0, -1) : name))
    container.env = isRemoval ? others : [...others, { name, value: value.join('=') }]
  }
  return copy
}
