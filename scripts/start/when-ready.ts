import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 50

/** Resolves when `/readyz` of all the admin addresses answers 200. */
export async function whenReady(admins: readonly string[]): Promise<void> {
  await Promise.all(
    admins.map(async (admin) => {
      while (!(await isReady(admin))) await sleep(POLL_MS, undefined, { ref: false })
    }),
  )
}

async function isReady(admin: string): Promise<boolean> {
  try {
    const response = await fetch(`${admin}/readyz`)
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
