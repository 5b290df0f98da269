import type { LiveCall } from '@linkerd-scenario/contract'

export type Step = 'answered' | 'failed' | 'passed' | 'unseen' | 'absent' | 'unknown'

/** What happened to one call at each of the four hops. */
export interface Story {
  consumer: Step
  outbound: Step
  inbound: Step
  provider: Step
}

/** `meshed`: the consumer has a proxy. What nothing reported is `unknown`, never guessed. */
export function storyOf(call: LiveCall, meshed: boolean): Story {
  const outbound: Step = meshed ? 'passed' : 'absent'
  const { origin, proxy, caller } = call
  if (origin === 'consumer') return { consumer: 'failed', outbound: 'unseen', inbound: 'unseen', provider: 'unseen' }
  if (origin === 'mesh') return meshStory(call)
  if (origin === 'network') return { consumer: 'passed', outbound, inbound: 'unknown', provider: 'unknown' }
  return {
    consumer: 'passed',
    outbound,
    // The provider's proxy reports who called: an identity means that there is a proxy.
    inbound: typeof caller === 'string' ? 'passed' : proxy === undefined ? 'absent' : 'unknown',
    provider: origin === 'provider' ? 'failed' : 'answered',
  }
}

function meshStory({ proxy, hops }: LiveCall): Story {
  // A service that reported itself has seen the call, whoever caused the error afterwards.
  const provider: Step = hops.length > 0 ? 'passed' : proxy === 'outbound' ? 'unknown' : 'unseen'
  if (proxy === 'inbound') return { consumer: 'passed', outbound: 'passed', inbound: 'failed', provider }
  if (proxy === 'outbound') return { consumer: 'passed', outbound: 'failed', inbound: 'unknown', provider }
  return { consumer: 'passed', outbound: 'unknown', inbound: 'unknown', provider: 'unknown' }
}
