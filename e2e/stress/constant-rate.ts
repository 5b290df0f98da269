import { setTimeout as sleep } from 'node:timers/promises'

/** How many calls each verdict was given to. */
export type Verdicts = Record<string, number>

/**
 * Calls `send` at the rate of `perSecond`, whatever becomes of the calls, until `isOver`. The rate may change as it
 * goes. Resolves once each call has its verdict; a call that rejects has the code of its error. Beyond `mostUnderWay` calls what is due is sent later: a slow machine
 * makes a run longer.
 */
export async function constantRate(
  perSecond: number | (() => number),
  send: (i: number) => Promise<string>,
  isOver: () => boolean,
  mostUnderWay = 64,
): Promise<Verdicts> {
  const verdicts: Verdicts = {}
  const underWay = new Set<Promise<void>>()
  let last = performance.now()
  let sent = 0
  let due = 0
  while (!isOver()) {
    const rate = typeof perSecond === 'number' ? perSecond : perSecond()
    const now = performance.now()
    // What a pause of this process has held up is sent at once, and never more than a second's worth.
    due = Math.min(due + ((now - last) / 1000) * rate, sent + rate)
    last = now
    for (; sent < due && underWay.size < mostUnderWay; sent += 1) {
      const call = send(sent)
        .catch((error: NodeJS.ErrnoException) => error.code ?? error.message)
        .then((verdict) => {
          verdicts[verdict] = (verdicts[verdict] ?? 0) + 1
          underWay.delete(call)
        })
      underWay.add(call)
    }
    await sleep(5)
  }
  await Promise.all(underWay)
  return verdicts
}
