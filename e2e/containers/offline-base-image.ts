import { cp, mkdir, mkdtemp, realpath, rename, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { hasCommand } from './engine.ts'
import { docker, output, root, run } from './run.ts'

/** The base image of the Dockerfiles. */
export const PUBLIC_BASE_IMAGE = 'node:24-bookworm-slim'
const OFFLINE_BASE_IMAGE = 'scenario-offline-node:24'
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
const CA_BUNDLE = '/etc/ssl/certs/ca-certificates.crt'

/**
 * The public base image, or if it cannot be pulled, one with another name made of the same parts: a minimal Debian,
 * this Node and this npm. Returns its name.
 */
export async function baseImage(): Promise<string> {
  for (const image of [PUBLIC_BASE_IMAGE, OFFLINE_BASE_IMAGE]) {
    if ((await run('docker', ['image', 'inspect', image])).status === 0) return image
  }
  const pull = await run('docker', ['pull', '--quiet', PUBLIC_BASE_IMAGE])
  if (pull.status === 0) return PUBLIC_BASE_IMAGE
  if (!(await hasCommand('debootstrap'))) {
    throw new Error(`${PUBLIC_BASE_IMAGE} cannot be pulled: ${pull.stderr}. Pull it once, then run this again.`)
  }
  const archive = join(root, 'node_modules', '.cache', `offline-node-${process.version}.tar`)
  await makeArchive(archive)
  await docker(
    'import',
    ...['--change', `ENV PATH=${PATH}`, '--change', `ENV NODE_EXTRA_CA_CERTS=${CA_BUNDLE}`],
    ...[archive, OFFLINE_BASE_IMAGE],
  )
  return OFFLINE_BASE_IMAGE
}

async function makeArchive(archive: string): Promise<void> {
  if ((await run('test', ['-s', archive])).status === 0) return
  console.error(`${PUBLIC_BASE_IMAGE} cannot be pulled: making one like it, half a minute …`)
  const folder = await mkdtemp(join(tmpdir(), 'scenario-base-'))
  try {
    await output('debootstrap', ['--variant=minbase', 'bookworm', folder])
    await rm(join(folder, 'var/cache/apt'), { recursive: true, force: true })
    await rm(join(folder, 'var/lib/apt/lists'), { recursive: true, force: true })
    await cp(process.execPath, join(folder, 'usr/local/bin/node'))
    // The command is a link to …/npm/bin/npm-cli.js.
    const npm = await realpath(await output('sh', ['-c', 'command -v npm']))
    await cp(join(npm, '../..'), join(folder, 'usr/local/lib/node_modules/npm'), { recursive: true, dereference: true })
    await symlink('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'usr/local/bin/npm'))
    await mkdir(join(folder, dirname(CA_BUNDLE)), { recursive: true })
    await cp(process.env['NODE_EXTRA_CA_CERTS'] || CA_BUNDLE, join(folder, CA_BUNDLE))
    await mkdir(dirname(archive), { recursive: true })
    // Renamed when it is complete, so that an interrupted run leaves no partial one.
    await output('tar', ['--directory', folder, '--create', '--file', `${archive}.part`, '.'])
    await rename(`${archive}.part`, archive)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
