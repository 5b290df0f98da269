import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { createContainer, firstAnswer, publishedPort, startContainer } from './container.ts'
import { TAG } from './global-setup.ts'
import { docker, root, run } from './run.ts'

const MIB = 1024 * 1024
const services = [
  { service: 'provider', image: `provider:${TAG}`, port: 5000 },
  { service: 'consumer', image: `consumer:${TAG}`, port: 6000 },
]
const BARE_SERVER = (port: number) => `http.createServer((_, response) => response.end('x')).listen(${port})`

async function inspect(image: string, format: string): Promise<string> {
  return await docker('image', 'inspect', '--format', format, image)
}

test.each(services)('$service adds at most 6 MB to its base', async ({ service, image }) => {
  const added = Number(await inspect(image, '{{.Size}}')) - Number(await inspect(inject('baseImage'), '{{.Size}}'))
  console.error(`${service}: ${(added / 1e6).toFixed(1)} MB beyond the base image`)
  expect(added).toBeGreaterThan(1e6)
  expect(added).toBeLessThanOrEqual(6e6)
})

test.each(services)(
  '$service says what it is, and neither npm nor a path of this machine is in it',
  async ({ image }) => {
    expect(await inspect(image, '{{.Config.User}}')).toBe('65532:65532')
    expect(JSON.parse(await inspect(image, '{{json .Config.Entrypoint}}'))).toEqual([
      'node',
      '--max-old-space-size-percentage=40',
      '/app/server.cjs',
    ])
    const revision = await run('git', ['rev-parse', 'HEAD'])
    const labels = JSON.parse(await inspect(image, '{{json .Config.Labels}}')) as Record<string, string>
    expect(labels['org.opencontainers.image.revision']).toContain(revision.stdout)
    expect(labels['org.opencontainers.image.version']).toBe(TAG)
    const probe = `
    const files = fs.readdirSync('/app', { recursive: true }).filter((name) => !name.startsWith('compile-cache'))
    const paths = fs.globSync('/usr/local/{bin/{npm,npx,yarn},lib/node_modules}')
    const leaks = files.filter((name) => fs.readFileSync('/app/' + name, 'utf8').includes(${JSON.stringify(root)}))
    console.log(JSON.stringify({ files: files.sort(), paths, leaks }))`
    const found: unknown = JSON.parse(await docker('run', '--rm', '--entrypoint', 'node', image, '-e', probe))
    expect(found).toEqual({ files: ['LICENSES.txt', 'healthcheck.cjs', 'server.cjs'], paths: [], leaks: [] })
    const registry = (await run('npm', ['config', 'get', 'registry'])).stdout
    expect(await docker('history', '--no-trunc', image)).not.toContain(registry)
  },
)

test.each(services)('$service answers soon: at most 1.6 times as long as bare node:http takes', async (subject) => {
  const { service, image, port } = subject
  const publish = ['--publish', `127.0.0.1::${port}`, '--memory', '128m', '--read-only']
  const ids = {
    bare: await createContainer(...publish, '--entrypoint', 'node', image, '-e', BARE_SERVER(port)),
    service: await createContainer(...publish, image),
  }
  const times = { bare: [] as number[], service: [] as number[] }
  // Side by side, so that a busy moment of the machine meets both; the first round warms the disk.
  for (let round = 0; round < 14; round += 1) {
    for (const name of ['bare', 'service'] as const) {
      const startedAt = performance.now()
      await docker('start', ids[name])
      // A path that the consumer answers without its provider.
      await firstAnswer(await publishedPort(ids[name], port), '/first-answer')
      if (round > 0) times[name].push(performance.now() - startedAt)
      await docker('kill', ids[name])
    }
  }
  const [bare, own] = [median(times.bare), median(times.service)]
  console.error(`${service}: first answer after ${own.toFixed(0)} ms, bare node:http after ${bare.toFixed(0)} ms`)
  expect(own / bare).toBeLessThanOrEqual(1.6)
})

test.each(services)('$service uses at most 60 MiB when idle', async ({ service, image, port }) => {
  const id = await startContainer('--publish', `127.0.0.1::${port}`, '--memory', '128m', '--read-only', image)
  await firstAnswer(await publishedPort(id, port), '/')
  await sleep(3000)
  const [used = '', unit = ''] =
    /^([\d.]+)(MiB|GiB)/.exec(await docker('stats', '--no-stream', '--format', '{{.MemUsage}}', id))?.slice(1) ?? []
  console.error(`${service}: ${used} ${unit} when idle`)
  expect(unit).toBe('MiB')
  expect(Number(used)).toBeGreaterThan(10)
  expect(Number(used) * MIB).toBeLessThanOrEqual(60 * MIB)
})

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
