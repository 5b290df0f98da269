import { parseFaults } from '@linkerd-scenario/contract'
import { expect, test } from 'vitest'
import { RequestCount } from '../exchange/exchange-plugin.ts'
import { FaultStore } from '../faults/fault-store.ts'
import { identify } from '../identity.ts'
import { Metrics, methodLabel } from './metrics.ts'

const store = new FaultStore({
  enabled: true,
  service: 'provider',
  version: 'v1',
  variable: parseFaults('reset, delay;ms=5, reset;rate=0.5'),
})

test('a scrape has what was counted until then, and counts nothing twice', async () => {
  const metrics = new Metrics(identify('provider', 'v1', 'pod'), new RequestCount(), store)
  metrics.requestShed('connections')
  metrics.requestShed('connections')
  for (const fault of parseFaults('reset, reset;at="provider/v1", reset')) metrics.faultInjected(fault)
  metrics.upstreamCalled('GET', undefined, 'UPSTREAM_TIMEOUT', 'consumer', 7)
  for (const _scrape of [1, 2]) {
    const lines = (await (await metrics.registry()).metrics()).split('\n')
    expect(lines).toEqual(
      expect.arrayContaining([
        'http_server_requests_shed_total{reason="connections"} 2',
        'faults_injected_total{kind="reset",at="provider"} 2',
        'faults_injected_total{kind="reset",at="provider/v1"} 1',
        'faults_armed{kind="reset",at="provider",place="variable"} 2',
        'faults_armed{kind="delay",at="provider",place="variable"} 1',
        'http_server_active_requests 0',
        expect.stringMatching(
          /^http_client_request_duration_seconds_count\{.*="UPSTREAM_TIMEOUT",origin="consumer"\} 1$/,
        ),
        expect.stringMatching(/^build_info\{service="provider",version="v1",node="v[\d.]+"\} 1$/),
      ]),
    )
  }
})

test('a method that HTTP does not know is _OTHER', () => {
  expect(['GET', 'PROPFIND', 'NOVERB', 'get'].map(methodLabel)).toEqual(['GET', 'PROPFIND', '_OTHER', '_OTHER'])
})
