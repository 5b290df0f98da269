import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { median, quantile } from '../../bench/harness/statistics.ts'
import { createContainer, firstAnswer, publishedPort, startContainer } from './container.ts'
import { TAG } from './global-setup.ts'
import { docker, root, run } from './run.ts'

const MIB = 1024 * 1024
const services = [
  { service: 'provider', image: `provider:${TAG}`, port: 5000 },
  { service: 'consumer', image: `consumer:${TAG}`, port: 6000 },
]
/** Files of an image in addition to the live page. */
const SHIPPED = ['LICENSES.txt', 'healthcheck.cjs', 'server.cjs', 'swagger.cjs', 'tracing-sdk.cjs']

/** The output of the probe in an image. */
interface Contents {
  files: string[]
  paths: string[]
  leaks: string[]
}

/** Pairs of starts. */
const ROUNDS = 20
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
  async ({ service, image }) => {
    expect(await inspect(image, '{{.Config.User}}')).toBe('65532:65532')
    expect(JSON.parse(await inspect(image, '{{json .Config.Entrypoint}}'))).toEqual([
      'node',
      '--max-old-space-size-percentage=40',
      '--min-semi-space-size=8',
      '--max-semi-space-size=8',
      '/app/server.cjs',
    ])
    const revision = await run('git', ['rev-parse', 'HEAD'])
    const labels = JSON.parse(await inspect(image, '{{json .Config.Labels}}')) as Record<string, string>
    expect(labels['org.opencontainers.image.revision']).toContain(revision.stdout)
    expect(labels['org.opencontainers.image.version']).toBe(TAG)
    const probe = `
    const isFile = (name) => fs.statSync('/app/' + name).isFile()
    const all = fs.readdirSync('/app', { recursive: true }).filter(isFile)
    const files = all.filter((name) => !name.startsWith('compile-cache'))
    const paths = fs.globSync('/usr/local/{bin/{npm,npx,yarn},lib/node_modules}')
    const leaks = files.filter((name) => fs.readFileSync('/app/' + name, 'utf8').includes(${JSON.stringify(root)}))
    console.log(JSON.stringify({ files: files.sort(), paths, leaks }))`
    const found = JSON.parse(await docker('run', '--rm', '--entrypoint', 'node', image, '-e', probe)) as Contents
    const ofPage = (name: string) => name.startsWith('live-page/')
    expect(found).toMatchObject({ paths: [], leaks: [] })
    expect(found.files.filter((name) => !ofPage(name))).toEqual(SHIPPED)
    expect(found.files.some(ofPage), 'the live page is in the image').toBe(service === 'consumer')
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
  const timeOf = async (name: keyof typeof ids) => {
    const startedAt = performance.now()
    await docker('start', ids[name])
    // A path that the consumer answers without its provider.
    await firstAnswer(await publishedPort(ids[name], port), '/first-answer')
    const ms = performance.now() - startedAt
    await docker('kill', ids[name])
    return ms
  }
  const rounds: { bare: number; own: number }[] = []
  for (let round = 0; round <= ROUNDS; round += 1) {
    // Interleaved, and each one equally often the first, so that a busy moment of the machine affects both.
    const times =
      round % 2 === 0
        ? { bare: await timeOf('bare'), own: await timeOf('service') }
        : { own: await timeOf('service'), bare: await timeOf('bare') }
    // The first round only warms the disk cache.
    if (round > 0) rounds.push(times)
  }
  // Both ran under the same conditions within a round: the ratio varies less than the times do.
  const ratios = rounds.map(({ own, bare }) => own / bare)
  const times = `${median(rounds.map(({ own }) => own)).toFixed(0)} ms, bare node:http after ${median(rounds.map(({ bare }) => bare)).toFixed(0)} ms`
  const spread = `${quantile(ratios, 0.25).toFixed(2)}–${quantile(ratios, 0.75).toFixed(2)}`
  console.error(`${service}: first answer after ${times}; ratio ${median(ratios).toFixed(2)}, half of them ${spread}`)
  expect(median(ratios)).toBeLessThanOrEqual(1.6)
})

test.each(services)('$service takes its compiled code from the image', async ({ image, port }) => {
  // With an invalid port it exits as soon as it is loaded.
  const variable = port === 5000 ? 'PROVIDER_PORT' : 'CONSUMER_PORT'
  const env = ['--env', 'NODE_DEBUG_NATIVE=COMPILE_CACHE', '--env', `${variable}=none`]
  const { status, stderr } = await run('docker', ['run', '--rm', '--read-only', '--memory', '128m', ...env, image])
  expect(status).toBe(78)
  expect(stderr).toContain('/app/server.cjs was accepted')
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
