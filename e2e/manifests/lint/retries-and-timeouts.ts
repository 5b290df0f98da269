import { annotationsOf, type ManifestSet, serviceParents } from './manifest-set.ts'
import type { Route } from './model.ts'
import { faults, rule } from './rule.ts'

const STATUSES = /^(5xx|gateway-error|\d{3}(-\d{3})?)(,(5xx|gateway-error|\d{3}(-\d{3})?))*$/
const DURATION = /^(0|\d+(ms|s|m|h|d))$/
const DURATIONS = [
  'retry.linkerd.io/timeout',
  'timeout.linkerd.io/request',
  'timeout.linkerd.io/response',
  'timeout.linkerd.io/idle',
  'balancer.linkerd.io/failure-accrual-consecutive-min-penalty',
  'balancer.linkerd.io/failure-accrual-consecutive-max-penalty',
]
const NOT_IDEMPOTENT = ['POST', 'PATCH']

/** The annotations that configure retries and timeouts on Services and routes. */
export const retriesAndTimeouts = [
  rule(
    'retry-statuses',
    'A list that Linkerd cannot read switches retries off: no spaces, no stars, no other words.',
    (set) =>
      faults(carriers(set), (object) => {
        const statuses = annotationsOf(object)['retry.linkerd.io/http']
        return statuses !== undefined && !STATUSES.test(statuses) && `retry.linkerd.io/http is "${statuses}"`
      }),
  ),
  rule('retry-limit', 'A limit of 0 counts as none given, which is 1; leave the retries out instead.', (set) =>
    faults(
      carriers(set),
      (object) => annotationsOf(object)['retry.linkerd.io/limit'] === '0' && 'retry.linkerd.io/limit is "0"',
    ),
  ),
  rule('retry-what', 'A retry limit or timeout without statuses never retries a status.', (set) =>
    faults(carriers(set), (object) => {
      const annotations = annotationsOf(object)
      const lonely = ['retry.linkerd.io/limit', 'retry.linkerd.io/timeout'].find((key) => key in annotations)
      return lonely && !('retry.linkerd.io/http' in annotations) && `${lonely} without retry.linkerd.io/http`
    }),
  ),
  rule('duration', 'A duration without a unit, with a fraction or of two parts drops its whole group.', (set) =>
    faults(carriers(set), (object) => {
      const wrong = DURATIONS.find((key) => !DURATION.test(annotationsOf(object)[key] ?? '0'))
      return wrong && `${wrong} is "${annotationsOf(object)[wrong]}"`
    }),
  ),
  rule(
    'one-place-for-a-group',
    'One retry or timeout annotation on a route replaces all of that group on its Service.',
    (set) =>
      faults(
        set.routes,
        (route) =>
          ['retry.linkerd.io/', 'timeout.linkerd.io/'].flatMap((group) => {
            const has = (key: string) => key.startsWith(group)
            const parents = serviceParents(route).flatMap(({ name }) => set.service(name, route) ?? [])
            const both = parents.find((service) => Object.keys(annotationsOf(service)).some(has))
            return both && Object.keys(annotationsOf(route)).some(has)
              ? [`${group}* is on Service ${both.metadata.name} as well`]
              : []
          })[0],
      ),
  ),
  rule('retry-idempotent', 'Retries of a rule for every method repeat what must happen once.', (set) =>
    faults(carriers(set), (object) => {
      if (!('retry.linkerd.io/http' in annotationsOf(object))) return undefined
      const matches = ((object as Route).spec.rules ?? [{}]).flatMap((item) => item.matches ?? [{}])
      const methods = matches.map(({ method = 'every method' }) => method)
      const unsafe = methods.find((method) => method === 'every method' || NOT_IDEMPOTENT.includes(method))
      return unsafe && `retries ${unsafe}`
    }),
  ),
]

const carriers = (set: ManifestSet) => [...set.services, ...set.routes]
