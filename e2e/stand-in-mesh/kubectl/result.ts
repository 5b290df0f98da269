import { execa } from 'execa'

/** The output of a command and its exit code. */
export interface Result {
  code: number
  stdout: string
  stderr: string
}

export const text = (stdout: string): Result => ({ code: 0, stdout, stderr: '' })
export const json = (value: unknown): Result => text(JSON.stringify(value))
export const failed = (stderr: string): Result => ({ code: 1, stdout: '', stderr: `${stderr}\n` })

/** Runs a program with these variables and little else. */
export async function run(program: string, args: readonly string[], env: Record<string, string>): Promise<Result> {
  const { PATH = '', HOME = '' } = process.env
  const { exitCode, stdout, stderr, cause } = await execa(program, args, {
    env: { PATH, HOME, ...env },
    extendEnv: false,
    reject: false,
    stripFinalNewline: false,
  })
  if (exitCode === undefined) throw new Error(`${program} could not run`, { cause })
  return { code: exitCode, stdout, stderr }
}
