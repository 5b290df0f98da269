// Runs before the install, so plain JavaScript and nothing but Node's own modules: any Node from 16 on can read it.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const lockfile = join(root, 'package-lock.json')
const installed = join(root, 'node_modules', '.package-lock.json')
const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs

if (!isCurrent) {
  console.error('Installing the dependencies (npm ci), this takes about a minute the first time …')
  const install = spawnSync('npm ci --loglevel=error', { cwd: root, shell: true, stdio: ['ignore', 2, 2] })
  if (install.status !== 0) {
    console.error('The install failed: the lines above say why. Once it is mended, run the same command again.')
    process.exit(install.status ?? 1)
  }
}

// node_modules/.bin, which npm puts first on the path of its scripts, now holds Node 24 where a package of it exists for this platform.
const path = join(root, 'node_modules', '.bin') + delimiter + process.env.PATH
const version = spawnSync('node --version', {
  shell: true,
  env: { ...process.env, PATH: path, Path: path },
  encoding: 'utf8',
})
const [major = 0, minor = 0] = (version.stdout || '').slice(1).split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `This project needs Node 22.19 or newer and found ${(version.stdout || 'none').trim()}. Install Node 24, then run the same command again.`,
  )
  process.exit(1)
}
