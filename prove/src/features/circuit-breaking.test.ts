import { answered } from '../../testing/fixtures.ts'
import { failed, verdictCases } from '../../testing/verdict-cases.ts'
import { circuitBreaking } from './circuit-breaking.ts'

const SICK = 'provider-v1-sick'
const facts = { 'failing pod': SICK, 'endpoints taken out': 1, returned: true }
const sick = (n: number) => failed(n, 503, { pod: SICK })
const others = (n: number) => [
  ...answered(n / 2, { pod: 'provider-v1-b' }),
  ...answered(n / 2, { pod: 'provider-v1-c' }),
]

verdictCases(
  circuitBreaking,
  {
    on: { bursts: { calls: others(300) }, facts },
    control: {
      bursts: { calls: [...sick(200), ...others(100)] },
      facts: { 'failing pod': SICK, 'endpoints taken out': 0 },
    },
  },
  [
    {
      name: 'two calls after the trip are more than a probe',
      on: { bursts: { calls: [...sick(2), ...others(298)] } },
      verdict: 'failed',
      says: /2 of 300 failed/,
    },
    {
      name: 'the pod never gets traffic again',
      on: { facts: { returned: false } },
      verdict: 'failed',
      says: /once it is healed/,
    },
    {
      name: 'the proxy counts no endpoint as taken out',
      on: { facts: { 'endpoints taken out': 0 } },
      verdict: 'failed',
      says: /taken out/,
    },
    {
      name: 'the pod gets no calls without the breaker either',
      control: { bursts: { calls: others(300) } },
      verdict: 'not-proved',
      says: /at least 2 % of calls fails/,
    },
  ],
)
