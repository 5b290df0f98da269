import { answered } from '../../testing/fixtures.ts'
import { sample, verdictCases } from '../../testing/verdict-cases.ts'
import { loadBalancing } from './load-balancing.ts'

const to = (slow: number, b: number, c: number) => [
  ...answered(slow, { pod: 'slow' }),
  ...answered(b, { pod: 'b' }),
  ...answered(c, { pod: 'c' }),
]
const counted = (value: number) => [
  sample('request_total', { direction: 'outbound', dst_service: 'provider-svc' }, value),
]
const facts = { 'slow pod': 'slow' }

verdictCases(
  loadBalancing,
  {
    on: { bursts: { calls: to(0, 229, 171) }, facts, caller: counted(400) },
    control: { bursts: { calls: to(128, 140, 132) }, facts, caller: [] },
  },
  [
    { name: 'the choice is blind', on: { bursts: { calls: to(128, 140, 132) } }, verdict: 'failed', says: /slow pod/ },
    { name: '16 % are too many', on: { bursts: { calls: to(64, 168, 168) } }, verdict: 'failed', says: /64 of 400/ },
    { name: 'one pod gets all', on: { bursts: { calls: to(0, 400, 0) } }, verdict: 'failed', says: /2 pods or more/ },
    { name: 'the calls passed by the proxy', on: { caller: counted(0) }, verdict: 'failed', says: /0 counted/ },
    {
      name: 'the slow pod is shunned past the proxy as well',
      control: { bursts: { calls: to(40, 180, 180) } },
      verdict: 'not-proved',
      says: /at least 20 %/,
    },
  ],
)
