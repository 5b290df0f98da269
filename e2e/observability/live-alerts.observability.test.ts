import { readFileSync } from 'node:fs'
import { spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { alertRules, RuleFolder } from './alert-rules.ts'
import { burst, type WatchedMesh, watchedMesh } from './watched-mesh.ts'

/** The provider fails the first attempt of each call, and the route's retry succeeds. */
const FAILS_ONCE = 'status;code=503;times=1'

const resources = new AsyncDisposableStack()
let mesh: WatchedMesh

beforeAll(async () => {
  const folder = resources.use(new RuleFolder())
  mesh = resources.use(await watchedMesh(folder.write('hasty.yaml', hasty(folder.rules))))
  // The first value of a series is no increase, so every series exists before the traffic that counts.
  await burst(mesh.consumer.adminPort, 10, FAILS_ONCE)
  await burst(mesh.consumer.adminPort, 10)
  await mesh.prometheus.scraped(4)
})

afterAll(() => resources.disposeAsync())

/** The shipped rules as they are, except that they fire after a second: no test waits for five minutes. */
function hasty(path: string): unknown {
  return parse(readFileSync(path, 'utf8').replaceAll(/for: \d+m$/gm, 'for: 1s'))
}

/** The alerts that fire, or will soon: each with what it names. */
async function alerts(): Promise<string[]> {
  const series = await mesh.prometheus.query('ALERTS')
  return series
    .map(({ labels }) => `${labels['alertname']} ${labels['deployment'] ?? labels['pod']}: ${labels['alertstate']}`)
    .toSorted()
}

const expected: string[] = []

/** Waits until these fire as well as those before, and sees that no other is about to. */
async function expectAlso(...more: string[]): Promise<void> {
  expected.push(...more.map((alert) => `${alert}: firing`))
  const wanted = JSON.stringify(expected.toSorted())
  const isWanted = (found: string[]) => JSON.stringify(found) === wanted
  await until(alerts, isWanted, { withinMs: 30_000, everyMs: 100 }).catch(() => undefined)
  await mesh.prometheus.scraped(4)
  expect(await alerts()).toEqual(expected.toSorted())
}

/** Ends a provider while it answers a request that takes `requestMs`; it waits for it for a second. */
async function drain(pod: string, requestMs: number): Promise<number | null> {
  await using provider = await spawnProvider({
    FAULT_INJECTION: 'enabled',
    DRAIN_DELAY_MS: '0',
    SHUTDOWN_TIMEOUT_MS: '1000',
  })
  const answer = fetch(provider.url, { headers: { 'x-fault': `delay;ms=${requestMs}` } }).catch(() => undefined)
  const active = async () => await (await fetch(`${provider.adminUrl}/metrics`)).text()
  await until(active, (page) => /^http_server_active_requests\S* 1$/m.test(page))
  provider.signal('SIGTERM')
  await answer
  const { code } = await provider.ended
  // The kubelet's word for the exit code.
  mesh.terminated.push({ pod, container: 'provider', reason: code === 0 ? 'Completed' : 'Error' })
  return code
}

test('healthy traffic with a retry now and then, and a drain that loses nothing: every rule is silent', async () => {
  await burst(mesh.consumer.adminPort, 400)
  await burst(mesh.consumer.adminPort, 20, FAILS_ONCE)
  expect(await drain('provider-patient', 100)).toBe(0)
  await expectAlso()
})

test('retries of more than one call in five fire', async () => {
  await burst(mesh.consumer.adminPort, 300, FAILS_ONCE)
  await expectAlso('RetriesOverBudget consumer-v1')
})

test('requests that reach the provider past its proxy, as by a port-forward, make the witnesses disagree', async () => {
  for (let call = 0; call < 200; call += 1) await (await fetch(`http://127.0.0.1:${mesh.provider.appPort}/`)).text()
  await expectAlso('WitnessesDisagree provider-v1')
})

test('a consumer without a proxy bypasses the mesh, and its calls are not mutual TLS', async () => {
  await burst(mesh.outsider.adminPort, 1)
  await mesh.prometheus.scraped(2)
  await burst(mesh.outsider.adminPort, 60)
  await expectAlso('CallsBypassTheMesh consumer-outside', 'MutualTlsShareBelowOne provider-v1')
})

test('a drain that has to cut a request fires', async () => {
  expect(await drain('provider-cut', 60_000)).toBe(1)
  await expectAlso('DrainCut provider-cut')
})

test('every rule has fired', () => {
  const fired = expected.map((alert) => alert.split(' ')[0])
  expect(new Set(fired)).toEqual(new Set(alertRules.map(({ alert }) => alert)))
})
