import { nameOf } from '../kube-object.ts'
import { type ManifestSet, probedPorts } from './manifest-set.ts'
import type { RateLimitPolicy, Server } from './model.ts'
import { type Fault, faults, rule } from './rule.ts'

const NOT_HTTP = ['opaque', 'gRPC', 'TLS']

/** Rate limits, which each pod counts separately. */
export const rateLimits = [
  rule('limit-on-http', 'Only HTTP can be limited; on other protocols the limit does nothing.', (set) =>
    faults(limits(set), (limit) => {
      const protocol = serverOf(set, limit)?.spec.proxyProtocol ?? 'unknown'
      return NOT_HTTP.includes(protocol) && `its Server speaks ${protocol}`
    }),
  ),
  rule('one-limit-a-server', 'The second rate limit on a Server is refused.', (set) =>
    limits(set).flatMap((limit, index): Fault[] => {
      const target = limit.spec.targetRef.name
      const rival = limits(set)
        .slice(0, index)
        .find(({ spec }) => spec.targetRef.name === target)
      return rival ? [[limit, `limits the same Server as ${nameOf(rival)}`]] : []
    }),
  ),
  rule('probes-beside-limits', 'Probes use up the limit of their port: they get 429 and the pod flaps.', (set) =>
    faults(limits(set), (limit) => {
      const server = serverOf(set, limit)
      const probed = server && set.guarded(server).find(({ workload, port }) => probedPorts(workload).includes(port))
      return probed && `${nameOf(probed.workload)} is probed on port ${probed.port}`
    }),
  ),
  rule(
    'limit-a-pod',
    'Each pod keeps the limit for itself: the replicas together admit so many times as much.',
    (set) =>
      faults(limits(set), (limit) => {
        const server = serverOf(set, limit)
        const many = server && set.guarded(server).find(({ workload }) => (workload.spec.replicas ?? 1) > 1)
        return many && `${nameOf(many.workload)} has ${many.workload.spec.replicas} replicas`
      }),
    'warning',
  ),
]

const limits = (set: ManifestSet) => set.ofKind<RateLimitPolicy>('HTTPLocalRateLimitPolicy')

const serverOf = (set: ManifestSet, limit: RateLimitPolicy) =>
  set.find('Server', limit.spec.targetRef.name, limit) as Server | undefined
