import { join } from 'node:path'
import { execa } from 'execa'

const cwd = join(import.meta.dirname, '../..')

/** Origin of an image's code, for its labels. Parts are empty outside a git clone. */
export async function readOrigin(): Promise<{ source: string; revision: string }> {
  const remote = await output('git', ['remote', 'get-url', 'origin'])
  const revision = await output('git', ['rev-parse', 'HEAD'])
  const changes = await output('git', ['status', '--porcelain', '--untracked-files=no'])
  return { source: webAddress(remote), revision: revision && changes ? `${revision}-changed` : revision }
}

/** The npm registry of this machine, for the builds; '' if its address contains a password. */
export async function npmRegistry(): Promise<string> {
  const address = await output('npm', ['config', 'get', 'registry'])
  const url = URL.parse(address)
  return url === null || url.username !== '' || url.password !== '' ? '' : address
}

/** The web address of a git remote, without credentials; '' for a local path. */
export function webAddress(remote: string): string {
  const url = URL.parse(remote.replace(/^(?:ssh:\/\/)?git@([^:/]+)[:/]/, 'https://$1/'))
  return url?.protocol === 'https:' ? `https://${url.host}${url.pathname.replace(/\.git$/, '')}` : ''
}

async function output(command: string, args: string[]): Promise<string> {
  const { failed, stdout } = await execa(command, args, { cwd, reject: false })
  return failed ? '' : stdout.trim()
}
