import type { KubeObject } from '../kube-object.ts'
import type { Fields } from './field-default.ts'

/** Fields that Kubernetes keeps even if they are false or 0: pointers in its Go types. */
const KEPT_WHEN_ZERO = new Set([
  'allowPrivilegeEscalation',
  'automountServiceAccountToken',
  'backoffLimit',
  'completions',
  'enableServiceLinks',
  'failedJobsHistoryLimit',
  'fsGroup',
  'maxSurge',
  'maxUnavailable',
  'minAvailable',
  'parallelism',
  'privileged',
  'readOnlyRootFilesystem',
  'replicas',
  'runAsGroup',
  'runAsNonRoot',
  'runAsUser',
  'stabilizationWindowSeconds',
  'successfulJobsHistoryLimit',
  'suspend',
  'terminationGracePeriodSeconds',
  'ttlSecondsAfterFinished',
])

/** Maps: they keep all entries, whatever the values, and are dropped if they have none. */
const MAPS = new Set(['annotations', 'data', 'labels', 'matchLabels', 'nodeSelector'])

/** Lists that are kept when empty, because the field is required. */
const KEPT_WHEN_EMPTY = new Set(['rules'])

const QUANTITIES = new Set(['limits', 'requests'])

/**
 * What remains of an object of a built-in kind after the API server has read it into its Go types and written it again:
 * empty and zero fields are dropped, and quantities get their shortest form.
 */
export function roundTrip(object: KubeObject): KubeObject {
  return strip(object as unknown as Fields) as unknown as KubeObject
}

function strip(fields: Fields): Fields {
  const kept = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    if (value === null || isDropped(name, value)) return []
    if (MAPS.has(name)) return [[name, value]]
    if (QUANTITIES.has(name)) return [[name, mapValues(value as Fields, canonical)]]
    if (Array.isArray(value)) return [[name, value.map((entry: unknown) => (isFields(entry) ? strip(entry) : entry))]]
    return [[name, isFields(value) ? strip(value) : value]]
  })
  return Object.fromEntries(kept)
}

function isDropped(name: string, value: unknown): boolean {
  if (value === '' || value === 0 || value === false) return !KEPT_WHEN_ZERO.has(name)
  if (Array.isArray(value)) return value.length === 0 && !KEPT_WHEN_EMPTY.has(name)
  return (MAPS.has(name) || QUANTITIES.has(name)) && Object.keys(value as object).length === 0
}

/** `1000m` → `1`, `1024Mi` → `1Gi`; a number becomes text. */
function canonical(quantity: unknown): string {
  const [, digits = '', unit = ''] = /^(\d+)(m|Ki|Mi|Gi)?$/.exec(String(quantity)) ?? []
  const number = Number(digits)
  const [factor, larger] = { m: [1000, ''], Ki: [1024, 'Mi'], Mi: [1024, 'Gi'] }[unit] ?? [0, '']
  if (factor === 0 || number === 0 || number % Number(factor) !== 0) return String(quantity)
  return canonical(`${number / Number(factor)}${larger}`)
}

function mapValues(fields: Fields, change: (value: unknown) => unknown): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, change(value)]))
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
