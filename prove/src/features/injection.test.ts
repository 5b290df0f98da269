import { answered, refused } from '../../testing/fixtures.ts'
import { sample, verdictCases } from '../../testing/verdict-cases.ts'
import { injection } from './injection.ts'

const counted = (value: number) => [
  sample('request_total', { direction: 'outbound', dst_service: 'provider-svc' }, value),
]

verdictCases(
  injection,
  {
    on: {
      bursts: { calls: answered(50) },
      facts: { withoutProxy: 'none', unmeshed: 'none', silent: 'none' },
      caller: counted(50),
    },
    control: {
      bursts: { calls: answered(50) },
      facts: { withoutProxy: 'consumer-unmeshed', unmeshed: 'consumer-unmeshed', silent: 'none' },
    },
  },
  [
    {
      name: 'a pod lacks its proxy',
      on: { facts: { withoutProxy: 'provider-v1' } },
      verdict: 'failed',
      says: /provider-v1/,
    },
    {
      name: 'the service finds none',
      on: { facts: { unmeshed: 'consumer-v1' } },
      verdict: 'failed',
      says: /beside it/,
    },
    { name: 'a proxy tells no metrics', on: { facts: { silent: 'provider-v1' } }, verdict: 'failed', says: /metrics/ },
    { name: 'traffic passes by the proxy', on: { caller: counted(0) }, verdict: 'failed', says: /0 counted/ },
    { name: 'calls are refused', on: { bursts: { calls: refused(50, 403) } }, verdict: 'failed', says: /403/ },
    {
      name: 'a pod that did not ask for a proxy has one',
      control: { facts: { withoutProxy: 'none', unmeshed: 'none' } },
      verdict: 'not-proved',
      says: /It holds with linkerd.io\/inject: disabled/,
    },
  ],
)
