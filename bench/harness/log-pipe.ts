import { mkdtempSync, rmSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'

/** A pipe for a process's stdout, which another process empties, as a container runtime does. */
export interface LogPipe {
  /** For the `stdio` of the writing process. */
  stdout: number | 'ignore'
  close(): Promise<void>
}

/** Creates a real pipe (Node's own `stdio: 'pipe'` is a socket) with a reader whose CPU time is not counted. */
export async function logPipe(): Promise<LogPipe> {
  if (process.platform === 'win32') return { stdout: 'ignore', close: async () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'bench-log-'))
  const fifo = join(folder, 'pipe')
  await execa('mkfifo', [fifo])
  const reader = execa('cat', [fifo], { stdio: 'ignore', reject: false })
  const writer: FileHandle = await open(fifo, 'w')
  rmSync(folder, { recursive: true })
  return {
    stdout: writer.fd,
    close: async () => {
      await writer.close()
      reader.kill()
      await reader
    },
  }
}
