import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'

/** The current context of kubectl; undefined if there is none. */
export async function currentContext(): Promise<string | undefined> {
  const { failed, stdout } = await execa('kubectl', ['config', 'current-context'], { reject: false })
  return failed || stdout === '' ? undefined : stdout
}

/** A kubeconfig that knows one context alone. */
export interface Kubeconfig extends AsyncDisposable {
  path: string
}

/**
 * Copies a context into a kubeconfig of its own, so that the tour stays on its cluster when somebody chooses another
 * context meanwhile. Throws kubectl's message if the context is not there.
 */
export async function copyOfContext(context: string): Promise<Kubeconfig> {
  const args = ['config', 'view', '--raw', '--minify', '--flatten', '--context', context]
  const { failed, stdout, stderr } = await execa('kubectl', args, { reject: false })
  if (failed) throw new Error(stderr)
  const folder = await mkdtemp(join(tmpdir(), 'linkerd-tour-'))
  const path = join(folder, 'config')
  await writeFile(path, `${stdout}\n`, { mode: 0o600 })
  await execa('kubectl', ['config', 'use-context', context], { env: { KUBECONFIG: path } })
  return { path, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}
