import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Finished {
  status: number
  stdout: string
  stderr: string
}

/** Runs a command to its end, whatever its status; 127 where there is no such command. */
export function run(
  command: string,
  args: readonly string[],
  { env, timeoutMs = 300_000 }: { env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<Finished> {
  return new Promise((resolve) => {
    const options = { cwd: root, env: { ...process.env, ...env }, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024 }
    execFile(command, args, options, (error, stdout, stderr) => {
      const missing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT'
      const status = error === null ? 0 : missing ? 127 : typeof error.code === 'number' ? error.code : 1
      resolve({
        status,
        stdout: stdout.trim(),
        stderr: `${stderr}${missing ? `no ${command} on the PATH` : ''}`.trim(),
      })
    })
  })
}

/** Runs a command that must succeed and returns what it wrote to stdout. Throws with what it wrote to stderr. */
export async function output(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { status, stdout, stderr } = await run(command, args, env ? { env } : {})
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}:\n${stdout}\n${stderr}`)
  return stdout
}

/** Runs docker, which must succeed, and returns what it wrote to stdout. */
export function docker(...args: string[]): Promise<string> {
  return output('docker', args)
}
