import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { root } from '../repository/tools.ts'
import { alertRules, RuleFolder } from './alert-rules.ts'
import { demandPrometheus, promtool } from './prometheus.ts'

beforeAll(demandPrometheus)

test('promtool takes the rules', () => {
  using folder = new RuleFolder()
  expect(promtool(['check', 'rules', '--lint-fatal', folder.rules])).toMatchObject({ code: 0 })
})

test.each(alertRules)('the runbook says what to do about $alert', ({ alert, annotations }) => {
  expect(annotations['runbook']).toBe(`docs/runbook.md#${alert.toLowerCase()}`)
  const runbook = readFileSync(join(root, 'docs/runbook.md'), 'utf8')
  const [, paragraph = ''] = new RegExp(`^### ${alert}\n\n([^#]+)`, 'm').exec(runbook) ?? []
  expect(paragraph.length).toBeGreaterThan(100)
})

/** A counter of one workload that grows by this much per minute, in promtool's series notation. */
const counter = (name: string, labels: string, perMinute: number) => ({
  series: `${name}{namespace="demo",${labels}}`,
  values: `0+${perMinute}x30`,
})
const consumer = 'deployment="consumer-v1"'
const provider = 'deployment="provider-v1"'
const calls = (perMinute: number) => counter('http_client_request_duration_seconds_count', consumer, perMinute)
const outbound = (perMinute: number) =>
  counter(
    'outbound_http_route_request_statuses_total',
    `${consumer},parent_name="provider-svc",route_name="retry"`,
    perMinute,
  )
const served = (perMinute: number) => counter('http_server_request_duration_seconds_count', provider, perMinute)
const inbound = (perMinute: number, tls: string, workload = provider) =>
  counter('request_total', `${workload},direction="inbound",target_port="5000",tls="${tls}"`, perMinute)
const retries = (perMinute: number) =>
  counter('outbound_http_route_retry_requests_total', `${consumer},route_name="retry"`, perMinute)
const terminated = (reason: string) => ({
  series: `kube_pod_container_status_last_terminated_reason{namespace="demo",pod="provider-v1-x",container="provider",reason="${reason}"}`,
  values: '0x10 1x20',
})

interface Case {
  alert: string
  what: string
  series: { series: string; values: string }[]
  /** Labels that it fires with, in addition to the namespace and the rule's own. */
  fires?: Record<string, string>
}

const cases: Case[] = [
  { alert: 'CallsBypassTheMesh', what: 'the proxy counts every call', series: [calls(60), outbound(60)] },
  { alert: 'CallsBypassTheMesh', what: 'the scrapes are a little apart', series: [calls(60), outbound(58)] },
  {
    alert: 'CallsBypassTheMesh',
    what: 'a tenth of the calls goes past the proxy',
    series: [calls(60), outbound(50)],
    fires: { deployment: 'consumer-v1' },
  },
  { alert: 'CallsBypassTheMesh', what: 'the service is not scraped, its proxy is', series: [outbound(60)] },
  {
    alert: 'CallsBypassTheMesh',
    what: 'there is no proxy',
    series: [calls(60)],
    fires: { deployment: 'consumer-v1' },
  },
  { alert: 'WitnessesDisagree', what: 'both count the same', series: [served(60), inbound(60, 'true')] },
  {
    alert: 'WitnessesDisagree',
    what: 'the proxy refuses half',
    series: [served(30), inbound(60, 'true')],
    fires: { deployment: 'provider-v1' },
  },
  {
    alert: 'WitnessesDisagree',
    what: 'requests come past the proxy',
    series: [served(60), inbound(30, 'true')],
    fires: { deployment: 'provider-v1' },
  },
  {
    alert: 'WitnessesDisagree',
    what: 'there is no proxy',
    series: [served(60)],
    fires: { deployment: 'provider-v1' },
  },
  {
    alert: 'WitnessesDisagree',
    what: 'the service is not scraped, its proxy is',
    series: [inbound(60, 'true')],
    fires: { deployment: 'provider-v1' },
  },
  {
    alert: 'WitnessesDisagree',
    what: 'a workload of somebody else has the same port',
    series: [served(60), inbound(60, 'true'), inbound(60, 'true', 'deployment="shop"')],
  },
  {
    alert: 'MutualTlsShareBelowOne',
    what: 'a workload of somebody else with the same port takes plain requests',
    series: [inbound(60, 'true'), inbound(60, 'no_identity', 'deployment="shop"')],
  },
  { alert: 'MutualTlsShareBelowOne', what: 'every request comes by mTLS', series: [inbound(60, 'true')] },
  {
    alert: 'MutualTlsShareBelowOne',
    what: 'one request of 61 does not',
    series: [inbound(60, 'true'), inbound(1, 'no_identity')],
    fires: { deployment: 'provider-v1' },
  },
  {
    alert: 'MutualTlsShareBelowOne',
    what: 'none does',
    series: [inbound(60, 'no_identity')],
    fires: { deployment: 'provider-v1' },
  },
  { alert: 'RetriesOverBudget', what: 'one call in ten is retried', series: [outbound(60), retries(6)] },
  {
    alert: 'RetriesOverBudget',
    what: 'one call in four is retried',
    series: [outbound(60), retries(15)],
    fires: { deployment: 'consumer-v1', route_name: 'retry' },
  },
  { alert: 'DrainCut', what: 'the drain lost nothing', series: [terminated('Completed')] },
  {
    alert: 'DrainCut',
    what: 'the drain cut requests',
    series: [terminated('Error')],
    fires: { pod: 'provider-v1-x', container: 'provider' },
  },
]

test('every rule has a case in which it fires and one in which it does not', () => {
  for (const { alert } of alertRules) {
    const own = cases.filter((one) => one.alert === alert)
    expect(own.filter(({ fires }) => fires).length, alert).toBeGreaterThan(0)
    expect(own.filter(({ fires }) => !fires).length, alert).toBeGreaterThan(0)
  }
})

describe.each(alertRules)('$alert', ({ alert, labels }) => {
  test.each(cases.filter((one) => one.alert === alert))('$what', ({ series, fires }) => {
    using folder = new RuleFolder()
    const firing = Object.entries({ alertname: alert, alertstate: 'firing', namespace: 'demo', ...labels, ...fires })
    const sample = `ALERTS{${firing.map(([name, value]) => `${name}="${value}"`).join(',')}}`
    const path = folder.write('tests.yaml', {
      rule_files: [folder.rules],
      evaluation_interval: '1m',
      tests: [
        {
          interval: '1m',
          input_series: series,
          promql_expr_test: [
            {
              expr: `ALERTS{alertname="${alert}"}`,
              eval_time: '25m',
              exp_samples: fires ? [{ labels: sample, value: 1 }] : [],
            },
          ],
        },
      ],
    })
    expect(promtool(['test', 'rules', path])).toMatchObject({ code: 0 })
  })
})
