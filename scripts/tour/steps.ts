import type { Step } from './step.ts'
import { authorization } from './steps/authorization.ts'
import { identity } from './steps/identity.ts'
import { installation } from './steps/installation.ts'
import { proof } from './steps/proof.ts'
import { retries } from './steps/retries.ts'
import { trafficSplit } from './steps/traffic-split.ts'

/** The steps of the tour, in their order. `port` is the consumer's on this machine; its admin port is the next one. */
export function tourSteps(port: number): Step[] {
  return [
    ...installation(port),
    ...identity(port),
    ...retries(port),
    ...trafficSplit(port),
    ...authorization(),
    ...proof(),
  ]
}
