import { readdir, readFile } from 'node:fs/promises'

/** Command lines of the processes that were started with this in their environment; empty without /proc. */
export async function processesWith(variable: string): Promise<string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name) && name !== `${process.pid}`)
  const found: string[] = []
  for (const id of ids) {
    const environment = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')
    if (environment.split('\0').includes(variable))
      found.push(await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => id))
  }
  return found
}
