import { setTimeout as sleep } from 'node:timers/promises'
import type { Info } from '@linkerd-scenario/contract'

const POLL_MS = 50

/**
 * Resolves when `/readyz` of all admin addresses answers 200 from processes that started after `since`: services of an
 * earlier start may still hold the ports.
 */
export async function whenReady(admins: readonly string[], since: Date): Promise<void> {
  await Promise.all(
    admins.map(async (admin) => {
      while (!(await isReady(admin, since))) await sleep(POLL_MS, undefined, { ref: false })
    }),
  )
}

async function isReady(admin: string, since: Date): Promise<boolean> {
  try {
    const readiness = await fetch(`${admin}/readyz`)
    await readiness.body?.cancel()
    const info = await fetch(`${admin}/info`)
    const { startedAt } = (await info.json()) as Info
    return readiness.ok && new Date(startedAt) >= since
  } catch {
    return false
  }
}
