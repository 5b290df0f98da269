import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import { expect, inject, onTestFinished, test } from 'vitest'
import { TAG } from './global-setup.ts'
import { refusingRegistry, startRegistry } from './registry.ts'
import { docker, type Finished, run } from './run.ts'

function images(...args: string[]): Promise<Finished> {
  const services = ['provider', 'consumer', '--tag', TAG, '--base-image', inject('baseImage')]
  return run('node', ['scripts/images.ts', ...services, ...args])
}

/** Pushes to a registry that refuses; removes the image names that docker created after the test. */
async function push(host: string): Promise<Finished> {
  const name = `${host}/team/provider-linkerd:${TAG}`
  onTestFinished(async () => void (await run('docker', ['image', 'rm', name])))
  return await images('--push', '--registry', `${host}/team`)
}

test('pushes both images, prints their digests, and they can be pulled by them', async () => {
  const host = await startRegistry()
  const { status, stdout } = await images('--push', '--registry', `${host}/team`, '--name', 'consumer=caller')
  expect(status).toBe(0)
  const names = [`${host}/team/provider-linkerd`, `${host}/team/caller`]
  for (const name of names) {
    const [, digest = ''] = new RegExp(`^${name}:${TAG} (sha256:[0-9a-f]{64})$`, 'm').exec(stdout) ?? []
    expect(digest).not.toBe('')
    await docker('image', 'rm', `${name}:${TAG}`)
    await docker('pull', '--quiet', `${name}@${digest}`)
    expect(await docker('run', '--rm', `${name}@${digest}`, '--help')).toContain(
      'configured by environment variables only',
    )
    await docker('image', 'rm', `${name}@${digest}`)
  }
})

test('a registry that does not know the caller: docker says so', async () => {
  const headers = { 'www-authenticate': 'Basic realm="registry"' }
  const host = await refusingRegistry(inject('baseImage'), { status: 401, code: 'UNAUTHORIZED', headers })
  const { status, stderr } = await push(host)
  expect(stderr).toContain('no basic auth credentials')
  expect(status).toBe(1)
})

test('a registry that refuses the repository: docker says so', async () => {
  const host = await refusingRegistry(inject('baseImage'), { status: 403, code: 'DENIED' })
  const { status, stderr } = await push(host)
  expect(stderr).toContain('denied')
  expect(status).toBe(1)
})

test('a registry without the repository: docker says so', async () => {
  const host = await refusingRegistry(inject('baseImage'), { status: 404, code: 'NAME_UNKNOWN' })
  const { status, stderr } = await push(host)
  expect(stderr).toMatch(/name unknown/i)
  expect(status).toBe(1)
})

test('no registry at that address: docker says so', async () => {
  const host = `localhost:${await freePort()}`
  const { status, stderr } = await push(host)
  expect(stderr).toContain('connection refused')
  expect(status).toBe(1)
})

test('no docker on the PATH, no engine behind it: a sentence each, before anything is built', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scenario-no-docker-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const script = ['scripts/images.ts']
  const noDocker = await run(process.execPath, script, { env: { PATH: folder } })
  expect(noDocker).toMatchObject({ status: 1, stdout: '' })
  expect(noDocker.stderr).toContain('There is no docker on the PATH. Install')
  const noEngine = await run(process.execPath, script, { env: { DOCKER_HOST: `unix://${folder}/none.sock` } })
  expect(noEngine).toMatchObject({ status: 1, stdout: '' })
  expect(noEngine.stderr).toMatch(/docker daemon|docker API/i)
})
