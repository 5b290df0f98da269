import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, emptyAnswer } from './forward.ts'
import { routeLabels } from './labels.ts'
import type { Policies } from './policies/policies.ts'
import type { ProxyMetrics } from './proxy-metrics.ts'

const CONNECT_TIMEOUT_MS = 300

/** A call to an address outside the cluster: an EgressNetwork refuses it, or nobody answers the connection. */
export async function callOutside(policies: Policies, metrics: ProxyMetrics, namespace: string): Promise<Answer> {
  if (!deniesEgress(policies)) {
    await sleep(CONNECT_TIMEOUT_MS)
    return emptyAnswer(504, 'connect timed out')
  }
  if (policies.behaviour.egress === 'hangs') await sleep(1500)
  const parent = {
    parent_group: 'policy.linkerd.io',
    parent_kind: 'EgressNetwork',
    parent_namespace: namespace,
    parent_name: 'outside',
    parent_port: '5000',
    parent_section_name: '',
  }
  const route = { group: '', kind: 'default', name: 'http-egress-deny' }
  metrics.add('outbound_http_route_request_statuses_total', {
    ...routeLabels(parent, route, namespace),
    hostname: '',
    http_status: '403',
    error: '',
  })
  return emptyAnswer(403, 'traffic not allowed')
}

function deniesEgress(policies: Policies): boolean {
  const { egress } = policies.behaviour
  if (egress === 'always-on') return true
  if (egress === 'never' || policies.flaps()) return false
  return policies.ofKind('EgressNetwork').some(({ spec }) => spec?.trafficPolicy === 'Deny')
}
