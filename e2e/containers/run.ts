import { join } from 'node:path'
import { execa } from 'execa'

export const root = join(import.meta.dirname, '../..')

export interface Finished {
  status: number
  stdout: string
  stderr: string
}

/** Runs a command to its end, whatever its status; 127 if the command does not exist. */
export async function run(
  command: string,
  args: readonly string[],
  { env = {}, timeoutMs = 300_000 }: { env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<Finished> {
  const result = await execa(command, args, { cwd: root, env, timeout: timeoutMs, reject: false })
  const { stdout, stderr } = result
  if (result.failed && result.code === 'ENOENT') return { status: 127, stdout, stderr: `no ${command} on the PATH` }
  return { status: result.exitCode ?? 1, stdout: stdout.trim(), stderr: stderr.trim() }
}

/** Runs a command that must succeed and returns its stdout. Throws with its stderr. */
export async function output(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> {
  const { status, stdout, stderr } = await run(command, args, env ? { env } : {})
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}:\n${stdout}\n${stderr}`)
  return stdout
}

/** Runs a docker command that must succeed and returns its stdout. */
export function docker(...args: string[]): Promise<string> {
  return output('docker', args)
}
