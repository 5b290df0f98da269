import { readdir, readFile } from 'node:fs/promises'
import { execa } from 'execa'

/** One process, as the operating system accounts for it. */
export interface ProcessAccount {
  pid: number
  parent: number
  /** User and system time so far, milliseconds, including the children it has waited for. */
  cpuMs: number
  /** Resident memory, bytes. */
  residentBytes: number
}

/** USER_HZ: Linux reports process times to user space in hundredths of a second, whatever its own clock. */
const TICK_MS = 10
const PAGE_BYTES = 4096

/** Parses a line of /proc/PID/stat. The name in parentheses may contain anything, including spaces and parentheses. */
export function parseStat(line: string): ProcessAccount {
  const pid = Number.parseInt(line, 10)
  // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; the first of these is field 3.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const field = (number: number) => Number(fields[number - 3])
  return {
    pid,
    parent: field(4),
    cpuMs: (field(14) + field(15) + field(16) + field(17)) * TICK_MS,
    residentBytes: field(24) * PAGE_BYTES,
  }
}

/**
 * Parses `ps -A -o pid=,ppid=,time=,rss=`: the time is [[days-]hours:]minutes:seconds[.hundredths], the memory is in
 * KiB.
 */
export function parsePs(text: string): ProcessAccount[] {
  return text
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns.length === 4)
    .map(([pid, parent, time = '', rss]) => ({
      pid: Number(pid),
      parent: Number(parent),
      cpuMs: psTimeMs(time),
      residentBytes: Number(rss) * 1024,
    }))
}

function psTimeMs(time: string): number {
  const [, days = '0', clock = ''] = /^(?:(\d+)-)?(.*)$/.exec(time) ?? []
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round((Number(days) * 86_400 + seconds) * 1000)
}

/** The accounts of all of `pids` and of their descendants. */
export function withDescendants(all: readonly ProcessAccount[], pids: readonly number[]): ProcessAccount[] {
  const wanted = new Set(pids)
  for (let before = 0; before < wanted.size; ) {
    before = wanted.size
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid)
  }
  return all.filter(({ pid }) => wanted.has(pid))
}

async function accounts(): Promise<ProcessAccount[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await execa('ps', ['-A', '-o', 'pid=,ppid=,time=,rss='])
    return parsePs(stdout)
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  // A process may end after it was listed and before it is read.
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)))
  return lines.filter((line) => line !== undefined).map(parseStat)
}

/** CPU time that the processes and their descendants have used so far, milliseconds. */
export async function cpuTimeMs(pids: readonly number[]): Promise<number> {
  return withDescendants(await accounts(), pids).reduce((sum, { cpuMs }) => sum + cpuMs, 0)
}

/** Resident memory of the processes and their descendants, bytes. */
export async function residentBytes(pids: readonly number[]): Promise<number> {
  return withDescendants(await accounts(), pids).reduce((sum, account) => sum + account.residentBytes, 0)
}
