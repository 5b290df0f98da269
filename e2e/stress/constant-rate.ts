import { setTimeout as sleep } from 'node:timers/promises'

/** Number of calls by verdict. */
export type Verdicts = Record<string, number>

/**
 * Calls `send` at a rate of `perSecond`, however long the calls take, until `isOver`. Resolves when each call has its
 * verdict; a call that rejects has its error code as the verdict. At most `mostUnderWay` calls are open at once. Calls
 * due beyond that are sent later, so a slow machine makes a run longer.
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
    // After a pause of this process, sends at most one second's worth of calls at once.
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
