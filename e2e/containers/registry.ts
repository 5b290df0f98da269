import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import { execa } from 'execa'
import { onTestFinished } from 'vitest'
import { firstAnswer, publishedPort, startContainer } from './container.ts'
import { hasCommand } from './engine.ts'

/** A real registry on loopback, without TLS and passwords, until the test ends; returns its host. */
export async function startRegistry(): Promise<string> {
  const port = (await hasCommand('docker-registry')) ? await registryProcess() : await registryContainer()
  await firstAnswer(port, '/v2/')
  return `localhost:${port}`
}

async function registryProcess(): Promise<number> {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'scenario-registry-'))
  const config = {
    version: '0.1',
    storage: { filesystem: { rootdirectory: folder } },
    http: { addr: `127.0.0.1:${port}` },
    log: { level: 'error' },
  }
  const file = join(folder, 'config.yml')
  // JSON is valid YAML.
  await writeFile(file, JSON.stringify(config))
  const registry = execa('docker-registry', ['serve', file], { stdio: 'ignore', reject: false })
  onTestFinished(async () => {
    registry.kill('SIGTERM')
    await registry
    await rm(folder, { recursive: true, force: true })
  })
  return port
}

async function registryContainer(): Promise<number> {
  return await publishedPort(await startContainer('--publish', '127.0.0.1::5000', 'registry:2'), 5000)
}

/** A registry on loopback that answers every request with one error; returns its host. */
export async function refusingRegistry(
  baseImage: string,
  { status, code, headers = {} }: { status: number; code: string; headers?: Record<string, string> },
): Promise<string> {
  const body = JSON.stringify({ errors: [{ code, message: code.toLowerCase().replaceAll('_', ' ') }] })
  // The client first asks whether there is a registry at all: only 401 may refuse that.
  const script = `http.createServer(({ url }, response) => {
    const refuses = ${status} === 401 || url !== '/v2/'
    response.writeHead(refuses ? ${status} : 200, ${JSON.stringify({ 'content-type': 'application/json', ...headers })})
    response.end(refuses ? ${JSON.stringify(body)} : '{}')
  }).listen(5000)`
  const id = await startContainer('--publish', '127.0.0.1::5000', '--entrypoint', 'node', baseImage, '-e', script)
  const port = await publishedPort(id, 5000)
  await firstAnswer(port, '/v2/')
  return `localhost:${port}`
}
