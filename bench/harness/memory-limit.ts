import { access, mkdir, readFile, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A memory limit for a process, like a container's: above it the kernel kills the process. */
export interface MemoryLimit {
  /** How it is enforced, for the report. */
  how: string
  /** Prefix of the command. */
  prefix: string[]
  /** Flags for Node itself, if only its own limit is available. */
  flags: string[]
  /** Peak usage, bytes; undefined if it is not measured. */
  peakBytes(): Promise<number | undefined>
  remove(): Promise<void>
}

const V2 = { root: '/sys/fs/cgroup', limit: 'memory.max', peak: 'memory.peak', swap: 'memory.swap.max' }
const V1 = {
  root: '/sys/fs/cgroup/memory',
  limit: 'memory.limit_in_bytes',
  peak: 'memory.max_usage_in_bytes',
  swap: undefined,
}

/** A control group if this user may create one, otherwise Node's own heap limit. */
export async function memoryLimit(bytes: number): Promise<MemoryLimit> {
  for (const version of [V2, V1]) {
    const group = await controlGroup(version, bytes).catch(() => undefined)
    if (group !== undefined) return group
  }
  // The old space is not everything: the young space, code and buffers take about a third.
  const megabytes = Math.floor(bytes / 2 ** 20)
  const flag = `--max-old-space-size=${Math.floor(megabytes * 0.65)}`
  return { how: flag, prefix: [], flags: [flag], peakBytes: async () => undefined, remove: async () => {} }
}

async function controlGroup({ root, limit, peak, swap }: typeof V1 | typeof V2, bytes: number): Promise<MemoryLimit> {
  const folder = join(root, `bench-${process.pid}-${Math.round(performance.now())}`)
  await mkdir(folder)
  try {
    // The kernel fills the folder of a control group with files; elsewhere it stays empty.
    await access(join(folder, 'cgroup.procs'))
    await writeFile(join(folder, limit), String(bytes))
    if (swap !== undefined) await writeFile(join(folder, swap), '0').catch(() => {})
  } catch (error) {
    await rmdir(folder)
    throw error
  }
  return {
    how: `control group, ${limit}`,
    // The shell adds itself to the group, and then becomes the command.
    prefix: ['sh', '-c', `echo $$ > ${folder}/cgroup.procs && exec "$@"`, 'sh'],
    flags: [],
    peakBytes: async () => Number(await readFile(join(folder, peak), 'utf8')),
    remove: () => rmdir(folder),
  }
}
