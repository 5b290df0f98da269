// Loaded before each test file. After its last test, no process, socket or file may be left.
import type { ChildProcess } from 'node:child_process'
import { subscribe } from 'node:diagnostics_channel'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, expect } from 'vitest'
import { leftovers } from './leftovers.ts'
import { MARK, markedProcesses, markOf } from './marked-processes.ts'

const HANDLES = new Set(['TCPSocketWrap', 'TCPServerWrap', 'PipeWrap', 'PipeServerWrap', 'UDPWrap', 'ProcessWrap'])
const run = process.env['TEST_RUN'] ?? String(process.pid)
const file = relative(process.cwd(), expect.getState().testPath ?? '')

interface Spawning {
  process: ChildProcess
  options: { envPairs?: string[] }
}

// Added here, because many tests pass their own environment to a process.
subscribe('tracing:child_process.spawn:start', (message) => {
  const { options } = message as Spawning
  const { currentTestName = 'outside of a test' } = expect.getState()
  options.envPairs?.push(`${MARK}=${markOf(run, `${file} > ${currentTestName}`)}`)
})

const openHandles = () => process.getActiveResourcesInfo().filter((kind) => HANDLES.has(kind))
// Node opens its own streams when they are first used.
void [process.stdin, process.stdout, process.stderr]
const ownHandles = openHandles()
const temporary = tmpdir()
const folder = mkdtempSync(join(temporary, 'test-file-'))
// Other users run commands below it.
chmodSync(folder, 0o755)
process.env['TMPDIR'] = folder

afterAll(async () => {
  const mark = markOf(run, file)
  const left = await leftovers({ mark, folder, handles: () => beyond(openHandles(), ownHandles) })
  for (const { pid } of markedProcesses(mark)) process.kill(pid, 'SIGKILL')
  process.env['TMPDIR'] = temporary
  rmSync(folder, { recursive: true, force: true })
  if (left.length > 0) throw new Error(`${file} leaves behind:\n${left.map((line) => `  ${line}`).join('\n')}`)
})

/** What is in `now` and not in `before`; the same kind may be there several times. */
function beyond(now: readonly string[], before: readonly string[]): string[] {
  const rest = [...before]
  return now.filter((kind) => {
    const at = rest.indexOf(kind)
    if (at !== -1) rest.splice(at, 1)
    return at === -1
  })
}
