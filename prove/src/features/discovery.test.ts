import { answered } from '../../testing/fixtures.ts'
import { failed, sample, verdictCases } from '../../testing/verdict-cases.ts'
import { discovery } from './discovery.ts'

const on = (pods: readonly string[], n: number) => pods.flatMap((pod) => answered(n / pods.length, { pod }))
const counted = (value: number) => [
  sample('request_total', { direction: 'outbound', dst_service: 'provider-svc' }, value),
]

verdictCases(
  discovery,
  {
    on: {
      bursts: {
        growing: on(['a'], 300),
        oneConnection: on(['a', 'b'], 100),
        grown: on(['a', 'b', 'c'], 300),
        shrinking: on(['a', 'b', 'c'], 300),
        shrunk: on(['a'], 60),
      },
      // More than the calls of the bursts: the calls made while waiting for all pods count as well.
      caller: counted(1220),
    },
    control: { bursts: { oneConnection: on(['a'], 100) } },
  },
  [
    {
      name: 'new pods are not used',
      on: { bursts: { grown: on(['a', 'b'], 300) } },
      verdict: 'failed',
      says: /3 pods/,
    },
    {
      name: 'one connection stays with one pod',
      on: { bursts: { oneConnection: on(['a'], 100) } },
      verdict: 'failed',
      says: /2 pods or more/,
    },
    {
      name: 'a pod that has gone is still called',
      on: { bursts: { shrinking: [...on(['a'], 299), ...failed(1, 502)] } },
      verdict: 'failed',
      says: /every call of shrinking/,
    },
    { name: 'the proxy counts too few', on: { caller: counted(1000) }, verdict: 'failed', says: /1000 counted/ },
    {
      name: 'one connection meets several pods without a proxy as well',
      control: { bursts: { oneConnection: on(['a', 'b'], 100) } },
      verdict: 'not-proved',
      says: /one pod answers/,
    },
  ],
)
