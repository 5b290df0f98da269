import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach } from 'vitest'

/** The prover's command. */
export const CLI = fileURLToPath(new URL('../../prove/src/cli.ts', import.meta.url))
/** The program that stands in for kubectl. */
export const KUBECTL = fileURLToPath(new URL('../stand-in-mesh/kubectl/kubectl.mjs', import.meta.url))

/** Runs the prover's command as a separate process, each test in its own folder. */
export function commandLine() {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prove-command-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  const file = (name: string) => readFile(join(folder, name), 'utf8')
  return {
    prove: (args: readonly string[], env: Record<string, string>) => {
      const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { ...process.env, KUBECTL, ...env } })
      return { child, output: outputOf(child), exit: once(child, 'close') as Promise<[number | null, string | null]> }
    },
    file,
    folder: () => folder,
    /** The report that was requested as p.json. */
    report: async (): Promise<unknown> => JSON.parse(await file('p.json')),
  }
}

function outputOf(child: ChildProcess) {
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (part: string) => {
      output[name] += part
    })
  }
  return output
}
