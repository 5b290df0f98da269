import { holdCases } from '../../testing/expectation-cases.ts'
import { answered, observed, refused } from '../../testing/fixtures.ts'
import { callsOf, proxyCounted, proxyCountedAtLeast, statusOf, versionOf } from './proxy-expectations.ts'

const retried = [{ name: 'retries', labels: { route_name: 'r', x: '1' }, value: 10 }]

holdCases([
  {
    expectation: proxyCounted(
      'consumer-v1',
      { family: 'retries', labels: { route_name: 'r' }, what: 'retries' },
      callsOf('calls'),
    ),
    holds: observed(answered(10), {}, retried),
    fails: [
      observed(answered(9), {}, retried),
      observed(answered(10)),
      observed(answered(10), {}, [...retried, ...retried]),
    ],
  },
  {
    expectation: proxyCountedAtLeast('consumer-v1', { family: 'retries', what: 'retries' }, 10),
    holds: observed(answered(1), {}, retried),
    fails: [observed(answered(1))],
  },
  {
    expectation: proxyCounted('consumer-v1', { family: 'retries', what: 'refusals' }, statusOf('calls', 403)),
    holds: observed(refused(10, 403), {}, retried),
    fails: [observed(answered(10), {}, retried)],
  },
  {
    expectation: proxyCounted('consumer-v1', { family: 'retries', what: 'calls' }, versionOf('calls', 'v1')),
    holds: observed([...answered(10), ...refused(1, 500)], {}, retried),
    fails: [observed(answered(10, { version: 'v2' }), {}, retried)],
  },
])
