import { holdCases } from '../../testing/expectation-cases.ts'
import { answered, observed, refused } from '../../testing/fixtures.ts'
import { onlyVersion, podShare, podsUsed, shareWithin, versionShare } from './share-expectations.ts'

const two = { pod: 'provider-v1-b' }

holdCases([
  {
    expectation: onlyVersion('calls', 'v2'),
    holds: observed(answered(4, { version: 'v2' })),
    fails: [observed([...answered(3, { version: 'v2' }), ...answered(1)]), observed(refused(2, 404))],
  },
  {
    expectation: shareWithin('calls', 'v2', 0.1),
    holds: observed([...answered(900), ...answered(100, { version: 'v2' })]),
    fails: [
      observed([...answered(100), ...answered(900, { version: 'v2' })]),
      observed([...answered(850), ...answered(150, { version: 'v2' })]),
      observed([...answered(950), ...answered(50, { version: 'v2' })]),
    ],
  },
  {
    expectation: podsUsed('calls', 2),
    holds: observed([...answered(3), ...answered(3, two)]),
    fails: [observed(answered(6))],
  },
  {
    expectation: podShare('calls', 'slow', { most: 0.15 }),
    holds: observed([...answered(90), ...answered(10, two)], { slow: 'provider-v1-b' }),
    fails: [observed([...answered(70), ...answered(30, two)], { slow: 'provider-v1-b' })],
  },
  {
    expectation: versionShare('calls', 'v2', { least: 0.3 }),
    holds: observed([...answered(6), ...answered(4, { version: 'v2' })]),
    fails: [observed([...answered(8), ...answered(2, { version: 'v2' })])],
  },
])
