import { resolve } from 'node:path'
import { execa } from 'execa'

/** The folder of the repository. */
export const root = resolve(import.meta.dirname, '../..')

/** Runs one of the project's tools from the repository root; returns its status and its whole output. */
export async function tool(command: string, args: readonly string[]): Promise<{ status: number; output: string }> {
  const { exitCode, all } = await execa(command, args, {
    cwd: root,
    preferLocal: true,
    reject: false,
    all: true,
  })
  return { status: exitCode ?? -1, output: all }
}
