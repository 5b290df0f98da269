import { join } from 'node:path'
import { execa } from 'execa'

const cwd = join(import.meta.dirname, '../..')

/** Where the code of an image comes from, for its labels. Parts are empty outside a git clone. */
export async function readOrigin(): Promise<{ source: string; revision: string }> {
  const remote = await output('git', ['remote', 'get-url', 'origin'])
  const revision = await output('git', ['rev-parse', 'HEAD'])
  const changes = await output('git', ['status', '--porcelain', '--untracked-files=no'])
  return { source: webAddress(remote), revision: revision && changes ? `${revision}-changed` : revision }
}

/** The registry that npm uses on this machine, for the builds, or nothing where its address holds a password. */
export async function npmRegistry(): Promise<string> {
  const address = await output('npm', ['config', 'get', 'registry'])
  const url = URL.parse(address)
  return url === null || url.username !== '' || url.password !== '' ? '' : address
}

/** The address of a git remote as a web page has it, without credentials; nothing for a local path. */
export function webAddress(remote: string): string {
  const url = URL.parse(remote.replace(/^(?:ssh:\/\/)?git@([^:/]+)[:/]/, 'https://$1/'))
  return url?.protocol === 'https:' ? `https://${url.host}${url.pathname.replace(/\.git$/, '')}` : ''
}

async function output(command: string, args: string[]): Promise<string> {
  const { failed, stdout } = await execa(command, args, { cwd, reject: false })
  return failed ? '' : stdout.trim()
}
