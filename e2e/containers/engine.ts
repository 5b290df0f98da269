import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { output, run } from './run.ts'

const PACKAGES = {
  dockerd: 'docker.io',
  'docker-compose': 'docker-compose',
  debootstrap: 'debootstrap',
  'docker-registry': 'docker-registry',
}
const BRIDGE = 'docker0'
const START_DEADLINE_MS = 60_000
const STOP_DEADLINE_MS = 30_000

export interface Engine {
  /** The required DOCKER_HOST; undefined for this machine's own engine. */
  dockerHost: string | undefined
  stop: () => Promise<void>
}

/**
 * This machine's Docker engine. If it does not answer, an engine of our own in a temporary folder, until `stop`. Throws
 * if neither is available.
 */
export async function startEngine(): Promise<Engine> {
  if (await answers()) return { dockerHost: undefined, stop: async () => {} }
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error('No Docker engine answers. Start Docker, then run npm run test:containers again.')
  }
  await installPackages()
  // A short name: the engine puts sockets deep below it, and the path of a socket has 107 characters at most.
  return await startDaemon(await mkdtemp(join(tmpdir(), 'engine-')))
}

async function answers(dockerHost?: string): Promise<boolean> {
  const env = dockerHost === undefined ? {} : { DOCKER_HOST: dockerHost }
  return (await run('docker', ['version', '--format', '{{.Server.Version}}'], { env, timeoutMs: 10_000 })).status === 0
}

async function installPackages(): Promise<void> {
  const has = await Promise.all(Object.keys(PACKAGES).map((command) => hasCommand(command)))
  const missing = Object.values(PACKAGES).filter((_name, index) => !has[index])
  if (missing.length === 0) return
  if (!(await hasCommand('apt-get'))) {
    throw new Error(`No Docker engine answers, and there is no apt-get to install one: ${missing.join(', ')}`)
  }
  console.error(`Installing ${missing.join(', ')} …`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await output('apt-get', ['update', '-q'], env)
  await output('apt-get', ['install', '-qy', '--no-install-recommends', ...missing], env)
}

/** Whether a command is on the PATH. */
export async function hasCommand(command: string): Promise<boolean> {
  return (await run('sh', ['-c', `command -v ${command}`])).status === 0
}

async function startDaemon(folder: string): Promise<Engine> {
  const dockerHost = `unix://${join(folder, 'docker.sock')}`
  const hadBridge = existsSync(`/sys/class/net/${BRIDGE}`)
  const log = join(folder, 'dockerd.log')
  // execa also ends it if the run ends without its teardown.
  const daemon = execa(
    'dockerd',
    [
      ...['--host', dockerHost, '--pidfile', join(folder, 'docker.pid')],
      ...['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
    ],
    {
      stdin: 'ignore',
      stdout: { file: log },
      stderr: { file: log },
      reject: false,
      forceKillAfterDelay: STOP_DEADLINE_MS,
    },
  )
  const stop = async () => {
    daemon.kill('SIGTERM')
    await daemon
    await unmountBelow(folder)
    await rm(folder, { recursive: true, force: true })
    if (!hadBridge) await run('ip', ['link', 'delete', BRIDGE])
  }
  const deadline = Date.now() + START_DEADLINE_MS
  while (!(await answers(dockerHost))) {
    if (daemon.exitCode !== null || Date.now() > deadline) {
      const lines = readFileSync(log, 'utf8').trim().split('\n').slice(-5).join('\n')
      await stop()
      throw new Error(`dockerd did not come up:\n${lines}`)
    }
    await sleep(200)
  }
  return { dockerHost, stop }
}

async function unmountBelow(folder: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '')
  // Innermost mounts first.
  for (const mount of mounts.filter((path) => path.startsWith(folder)).reverse()) await run('umount', ['-l', mount])
}
