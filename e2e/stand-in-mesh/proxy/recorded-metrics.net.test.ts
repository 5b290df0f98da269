import { afterEach, expect, test } from 'vitest'
import { FEATURES } from '../../../prove/src/features/index.ts'
import documented from '../recorded/documented-families.json' with { type: 'json' }
import recorded from '../recorded/metric-families.json' with { type: 'json' }
import type { ProxyMetrics } from './proxy-metrics.ts'
import { TwoPods } from './two-pods.ts'

const RETRY = `{kind: HTTPRoute, metadata: {name: provider-retry, annotations: {retry.linkerd.io/http: 5xx, retry.linkerd.io/limit: "2"}},
  spec: {parentRefs: [{kind: Service, name: provider-svc}], rules: [{backendRefs: [{name: provider-svc}]}]}}`
const SERVER = (accessPolicy: string) =>
  `{kind: Server, metadata: {name: provider-http}, spec: {podSelector: {matchLabels: {app: provider}}, port: http, accessPolicy: ${accessPolicy}}}`
const LIMIT =
  '{kind: HTTPLocalRateLimitPolicy, metadata: {name: provider-limit}, spec: {identity: {requestsPerSecond: 1}}}'
const SERVER_ROUTE = `{kind: HTTPRoute, metadata: {name: api}, spec: {parentRefs: [{kind: Server, name: provider-http}], rules: [{matches: [{path: {value: /api}}]}]}}`
const OPAQUE = '{kind: Service, metadata: {name: provider-svc, annotations: {config.linkerd.io/opaque-ports: "5000"}}}'

const open: TwoPods[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((pods) => pods.close()))
})

async function start(...given: Parameters<typeof TwoPods.start>): Promise<TwoPods> {
  const pods = await TwoPods.start(...given)
  open.push(pods)
  return pods
}

/** Traffic of every kind, and everything that the proxies then print. */
async function allTraffic(): Promise<Map<string, Set<string>>> {
  const plain = await start()
  await plain.call()
  await plain.callUnmeshed()
  plain.apply(RETRY)
  await plain.call('/', { 'x-answer': '503,200', 'x-request-id': 'once' })
  await plain.call('/', { 'x-answer': '503', 'x-request-id': 'always' })
  const denied = await start({ defaultInboundPolicy: 'deny' })
  await denied.call()
  await denied.callUnmeshed()
  const limited = await start()
  limited.apply([SERVER('all-unauthenticated'), LIMIT].join('\n---\n'))
  for (let call = 0; call < 3; call += 1) await limited.call()
  for (let call = 0; call < 3; call += 1) await limited.callUnmeshed()
  const routed = await start()
  routed.apply([SERVER('deny'), SERVER_ROUTE].join('\n---\n'))
  await routed.call('/other')
  const opaque = await start()
  opaque.apply(OPAQUE)
  await opaque.call()
  return families(open.flatMap(({ caller, provider }) => [caller, provider]))
}

/** The metric families that proxies print, each with the label names of its series. */
function families(proxies: readonly ProxyMetrics[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  const lines = proxies.flatMap((proxy) => proxy.text().split('\n'))
  for (const line of lines) {
    const [, family, labels = ''] = /^(\w+)\{(.*)\}/.exec(line) ?? []
    if (family === undefined) continue
    const names = [...labels.matchAll(/(\w+)="/g)].map(([, name = '']) => name).toSorted((a, b) => a.localeCompare(b))
    found.set(family, (found.get(family) ?? new Set()).add(names.join(' ')))
  }
  return found
}

/** The metric families that the features' expectations use. */
function familiesRead(): string[] {
  const expectations = FEATURES.flatMap(({ on, control }) => [...on.expect, ...control.expect])
  const names = expectations.flatMap(({ name }) => /^proxyCounted\(\w+, (\w+)\)$/.exec(name)?.[1] ?? [])
  return [...new Set(names), 'response_latency_ms_sum', 'response_latency_ms_count', 'proxy_build_info']
}

const known: Readonly<Record<string, readonly string[]>> = { ...recorded, ...documented }

test('what the proxies print, a real one prints with the same labels', async () => {
  const printed = [...(await allTraffic())]
  expect(printed.length).toBeGreaterThan(15)
  const strange = printed.flatMap(([family, sets]) =>
    [...sets].filter((set) => !known[family]?.includes(set)).map((set) => `${family}: ${set}`),
  )
  expect(strange).toEqual([])
})

test('in the families that the prover reads, the stand-in prints all that a real proxy prints', async () => {
  const printed = await allTraffic()
  const read = familiesRead()
  expect(read.length).toBeGreaterThan(8)
  const missing = read.flatMap((family) =>
    (known[family] ?? ['unknown to the recorded pages'])
      .filter((set) => !printed.get(family)?.has(set))
      .map((set) => `${family}: ${set}`),
  )
  expect(missing).toEqual([])
})

test('a provider without a proxy has no identity in the labels of its caller', async () => {
  const pods = await start({}, 'consumer', false)
  await pods.call()
  const [line = ''] = pods.caller
    .text()
    .split('\n')
    .filter((one) => one.startsWith('request_total'))
  expect(line).toContain('tls="no_identity",no_tls_reason="not_provided_by_service_discovery"')
  expect(line).not.toMatch(/server_id|dst_control_plane_ns/)
})
