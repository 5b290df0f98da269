// Runs before the install, so it is plain JavaScript without packages: any Node from 16 on can run it.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const lockfile = join(root, 'package-lock.json')
const installed = join(root, 'node_modules', '.package-lock.json')
const isCurrent = existsSync(installed) && statSync(installed).mtimeMs >= statSync(lockfile).mtimeMs

// npm consumes an option before `--` itself, --dry-run even silently: the prover would then really do what it should
// only print.
const OPTIONS_OF_OURS = ['dry-run', 'list', 'clean', 'keep', 'faults', 'watch']
const kept = OPTIONS_OF_OURS.find((name) => process.env[`npm_config_${name.replace('-', '_')}`] === 'true')
if (kept !== undefined) {
  const script = (process.env.npm_lifecycle_event ?? '').replace(/^pre/, '')
  console.error(`npm has kept --${kept} for itself. Write -- before it: npm run ${script} -- --${kept}`)
  process.exit(2)
}

if (!isCurrent) {
  console.error('Installing the dependencies (npm ci), this takes about a minute the first time …')
  const install = spawnSync('npm ci --loglevel=error', { cwd: root, shell: true, stdio: ['ignore', 2, 2] })
  if (install.status !== 0) {
    console.error('The install failed: the lines above say why. Fix that, then run the same command again.')
    process.exit(install.status ?? 1)
  }
  formatOnCommit()
}

// npm puts node_modules/.bin first on the path of its scripts. If there is a Node 24 package for this platform, it is
// there now.
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

/** Enables the hook in .githooks in the user's own clone, unless hooks are already configured or disabled. */
function formatOnCommit() {
  if (process.env.CI || spawnSync('git', ['config', '--get', 'core.hooksPath'], { cwd: root }).status === 0) return
  const { status } = spawnSync('git', ['config', 'core.hooksPath', '.githooks'], { cwd: root })
  if (status === 0) console.error("Commits are formatted from now on (git config core.hooksPath '' switches that off).")
}
