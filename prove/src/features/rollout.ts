import { PROMISES } from '@linkerd-scenario/contract/promises'
import { allSucceed, failAtLeast } from '../expectations/call-expectations.ts'
import { factIs } from '../expectations/fact-expectations.ts'
import { proxyCounted, statusOf } from '../expectations/proxy-expectations.ts'
import type { Feature } from '../feature.ts'
import { answersOfConsumers } from './proxy-metrics.ts'
import { DRAINED, KILLED, TWO_TIERS } from './two-tier-rollout.ts'

/** At this rate about 40 calls are in flight at each tier: a control that loses only one or two shows nothing. */
const LEAST_LOST = 10

const enough = factIs('enough', true, 'enough calls are made to see one lost in 2000')
const restarted = factIs('podsKept', 0, 'every pod of the consumer and the provider is replaced')

export const rollout: Feature = {
  ...TWO_TIERS,
  name: 'rollout',
  claim: PROMISES.rollout.claim.en,
  on: {
    ...DRAINED,
    expect: [
      allSucceed('calls'),
      enough,
      restarted,
      proxyCounted('caller', answersOfConsumers(200), statusOf(['calls', 'slowCalls'], 200)),
    ],
  },
  control: {
    ...KILLED,
    expect: [failAtLeast('calls', LEAST_LOST, `at least ${LEAST_LOST} calls that are under way are lost`), restarted],
  },
  hints: [
    'The endpoints took longer to disappear than the drain waits: raise DRAIN_DELAY_MS.',
    'A node without room held the new pods up: `kubectl get events -n NAMESPACE --field-selector reason=FailedScheduling`.',
  ],
}
