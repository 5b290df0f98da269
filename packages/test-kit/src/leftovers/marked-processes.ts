import { readdirSync, readFileSync } from 'node:fs'

/** Each process that a test starts inherits this variable, and passes it on to its own children. */
export const MARK = 'STARTED_BY_TEST'

export interface MarkedProcess {
  pid: number
  command: string
  /** The run, and the file and test that started the process, as `markOf` wrote them. */
  mark: string
}

/** The value of the mark: the run first, so that two runs on one machine do not report each other's processes. */
export function markOf(run: string, startedBy: string): string {
  return `${run} ${startedBy}`
}

/** Living processes whose mark starts with `prefix`. Reads /proc: on other systems than Linux there are none. */
export function markedProcesses(prefix: string): MarkedProcess[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), command: commandOf(name), mark: markOfProcess(name, prefix) }))
    .filter((one): one is MarkedProcess => one.mark !== undefined)
}

/** A test run inside a test run marks its processes as well: such a process has the variable twice. */
function markOfProcess(pid: string, prefix: string): string | undefined {
  const variable = `${MARK}=`
  return read(`/proc/${pid}/environ`)
    .find((one) => one.startsWith(variable + prefix))
    ?.slice(variable.length)
}

function commandOf(pid: string): string {
  return read(`/proc/${pid}/cmdline`).join(' ').trim().slice(0, 200)
}

/** The strings of a file in /proc, each of which ends with a zero byte. Empty for another user's and an ended process. */
function read(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\0')
  } catch {
    return []
  }
}
