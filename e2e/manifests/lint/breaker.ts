import type { KubeObject } from '../kube-object.ts'
import { annotationsOf, podAnnotations, serviceParents } from './manifest-set.ts'
import { faults, rule } from './rule.ts'

const MODE = 'balancer.linkerd.io/failure-accrual'
const CONSECUTIVE = `${MODE}-consecutive`
const GROUPS = /^(retry|timeout|balancer)(\.alpha)?\.linkerd\.io\//
const MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The breaker, and where its annotations and those of retries and timeouts take effect. */
export const breaker = [
  rule('annotated-kind', 'Retry, timeout and balancer annotations count on Services and routes, nowhere else.', (set) =>
    faults(
      set.objects.filter(({ kind }) => kind !== 'Service' && !kind.endsWith('Route')),
      (object) => {
        const template = set.workloads.find((workload) => workload === object)
        const keys = Object.keys({ ...annotationsOf(object), ...(template && podAnnotations(template)) })
        const lost = keys.find((key) => GROUPS.test(key))
        return lost && `${lost} on a ${object.kind}`
      },
    ),
  ),
  rule(
    'balancer-on-parent',
    'The balancer reads the Service that callers name, not a route and not a backend of one.',
    (set) => {
      const leaves = set.routes.flatMap((route) => {
        const parents = serviceParents(route).map(({ name }) => name)
        const names = (route.spec.rules ?? []).flatMap(({ backendRefs = [] }) => backendRefs.map(({ name }) => name))
        return names.filter((name) => parents.length > 0 && !parents.includes(name))
      })
      const deaf = (object: KubeObject) => object.kind !== 'Service' || leaves.includes(object.metadata.name)
      return faults([...set.services, ...set.routes].filter(deaf), (object) => {
        const lost = Object.keys(annotationsOf(object)).find((key) => key.startsWith('balancer.'))
        return lost && `${lost} has no effect here`
      })
    },
  ),
  rule('breaker-values', 'One bad value switches the whole breaker off.', ({ services }) =>
    faults(services, (service) => badValue(annotationsOf(service))),
  ),
  rule('breaker-mode', 'Settings of a breaker without its mode, or of another mode, do nothing.', ({ services }) =>
    faults(services, (service) => {
      const annotations = annotationsOf(service)
      const keys = Object.keys(annotations).filter((key) => key.includes('failure-accrual-'))
      if (keys.length > 0 && !(MODE in annotations)) return `${keys[0]} without ${MODE}`
      const foreign = keys.find((key) => annotations[MODE] === 'consecutive' && key.includes('success-rate'))
      return foreign && `${foreign} in the mode consecutive`
    }),
  ),
]

function badValue(annotations: Record<string, string>): string | undefined {
  const mode = annotations[MODE]
  if (mode === undefined) return undefined
  if (!['consecutive', 'unified'].includes(mode)) return `${MODE} is "${mode}"`
  const failures = annotations[`${CONSECUTIVE}-max-failures`] ?? '7'
  if (!/^\d+$/.test(failures)) return `max-failures is "${failures}"`
  const jitter = Number(annotations[`${CONSECUTIVE}-jitter-ratio`] ?? '0.5')
  if (!(jitter >= 0 && jitter <= 100)) return 'jitter-ratio is not from 0 to 100'
  const min = milliseconds(annotations[`${CONSECUTIVE}-min-penalty`] ?? '1s')
  const max = milliseconds(annotations[`${CONSECUTIVE}-max-penalty`] ?? '60s')
  return min > max || max === 0 ? 'min-penalty is above max-penalty, or that is 0' : undefined
}

function milliseconds(duration: string): number {
  const [, amount = '0', unit = 'ms'] = /^(\d+)([a-z]+)$/.exec(duration) ?? []
  return Number(amount) * (MS[unit] ?? 0)
}
