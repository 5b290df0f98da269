import { access, mkdir, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A share of a core that a process may use, as a container's limit. */
export interface CpuLimit {
  /** How it is enforced, for the report. */
  how: string
  /** To be put before the command. */
  prefix: string[]
  remove(): Promise<void>
}

/** Short, so that a process is held up for some milliseconds at a time and not for a tenth of a second. */
const PERIOD_US = 10_000

/** A control group where this user may make one, else no limit. */
export async function cpuLimit(share: number): Promise<CpuLimit> {
  const quota = Math.round(share * PERIOD_US)
  const versions: [string, [string, string][]][] = [
    ['/sys/fs/cgroup', [['cpu.max', `${quota} ${PERIOD_US}`]]],
    [
      '/sys/fs/cgroup/cpu',
      [
        ['cpu.cfs_period_us', String(PERIOD_US)],
        ['cpu.cfs_quota_us', String(quota)],
      ],
    ],
  ]
  for (const [root, settings] of versions) {
    const limit = await controlGroup(root, settings).catch(() => undefined)
    if (limit !== undefined) return limit
  }
  return { how: 'not limited: no control group can be made here', prefix: [], remove: async () => {} }
}

async function controlGroup(root: string, settings: [string, string][]): Promise<CpuLimit> {
  const folder = join(root, `bench-cpu-${process.pid}-${Math.round(performance.now())}`)
  await mkdir(folder)
  try {
    // The kernel fills a folder that is a group; elsewhere it stays empty.
    await access(join(folder, 'cgroup.procs'))
    for (const [file, value] of settings) await writeFile(join(folder, file), value)
  } catch (error) {
    await rmdir(folder)
    throw error
  }
  return {
    how: `control group, ${settings.map(([file, value]) => `${file} ${value}`).join(', ')}`,
    prefix: ['sh', '-c', `echo $$ > ${folder}/cgroup.procs && exec "$@"`, 'sh'],
    remove: () => rmdir(folder),
  }
}
