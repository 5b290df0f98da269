import { chmod, chown, cp, glob, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'

const root = join(import.meta.dirname, '../..')
/** User id of `nobody` on most systems. */
const NOBODY = 65_534
const isRoot = process.getuid?.() === 0

/** A copy of the repository, as another user would have it. */
export interface Checkout extends AsyncDisposable {
  folder: string
  /** A symbolic link to `folder`. */
  link: string
  /** Starts a command in `cwd`, as an unprivileged user if the tests run as root. */
  start: (cwd: string, file: string, args: readonly string[], env?: Record<string, string>) => ReturnType<typeof start>
}

/** Copies the files that Git tracks, or would add, into a folder called `name`, with the packages installed here. */
export async function checkout(name: string): Promise<Checkout> {
  const parent = await mkdtemp(join(tmpdir(), 'checkout-'))
  await chmod(parent, 0o755)
  const folder = join(parent, name)
  await copySources(folder)
  if (isRoot) await execa('chown', ['--recursive', String(NOBODY), parent])
  await linkPackages(folder)
  await symlink(name, join(parent, 'link'))
  return {
    folder,
    link: join(parent, 'link'),
    start: (cwd, file, args, env = {}) => start(cwd, file, args, { HOME: parent, TMPDIR: parent, ...env }),
    [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }),
  }
}

function start(cwd: string, file: string, args: readonly string[], env: Record<string, string>) {
  return execa(file, args, {
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    cwd,
    extendEnv: false,
    // A shell passes the folder on by the name that was typed.
    env: { PATH: process.env['PATH'], PWD: cwd, ...env },
    all: true,
    // Its own process group: a test signals the whole group at once, as a terminal does.
    detached: true,
    reject: false,
  })
}

async function copySources(folder: string): Promise<void> {
  const { stdout } = await execa('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of stdout.split('\0').filter((name) => name !== '')) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    // Keep the modification time: `npm start` uses it to see whether the packages are current. A file whose deletion is
    // not committed yet is still in the list.
    const options = { verbatimSymlinks: true, preserveTimestamps: true }
    await cp(join(root, file), join(folder, file), options).catch(ignoreMissing)
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error
}

/** Hard links take half a second; a copy takes half a gigabyte. They do not work across disks. */
async function linkPackages(folder: string): Promise<void> {
  for await (const name of glob(['node_modules', '{prove,bench}/node_modules', '{packages,services}/*/node_modules'], {
    cwd: root,
  })) {
    const [from, to] = [join(root, name), join(folder, name)]
    const linked = await execa('cp', ['-al', from, to], { reject: false })
    if (linked.failed) await cp(from, to, { recursive: true, verbatimSymlinks: true, force: true })
    // Caches contain files of the other folder; the commands create their own.
    for (const cache of ['.cache', '.vite', '.vite-temp', '.vitest-cache']) {
      await rm(join(to, cache), { recursive: true, force: true })
    }
    if (isRoot) await chown(to, NOBODY, NOBODY)
  }
}
