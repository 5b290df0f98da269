import type { BurstReport, Message } from '@linkerd-scenario/contract'
import { expect, inject, test } from 'vitest'
import { composeUp } from './compose.ts'
import { request } from './container.ts'
import { docker } from './run.ts'

interface ContainerState {
  State: { Running: boolean; OOMKilled: boolean; Health: { Status: string } }
  RestartCount: number
}

async function inspect<Part>(id: string, format: string): Promise<Part> {
  return JSON.parse(await docker('inspect', '--format', `{{json ${format}}}`, id)) as Part
}

test('compose builds both, waits for the provider, and the consumer answers', async () => {
  const { port, adminPort, containers } = await composeUp(inject('baseImage'))
  const { hops, message } = JSON.parse((await untilAnswer(port, '/?in=hello')).text) as Message
  expect(message).toBe("I'm version: v1: hello")
  expect(hops.map(({ service }) => service)).toEqual(['consumer', 'provider'])

  // The OpenAPI document needs code that is loaded only on request.
  const openapi = JSON.parse((await request(adminPort, '/openapi.json')).text) as { paths: object }
  expect(Object.keys(openapi.paths)).toContain('/burst')

  const ids = [...(await containers('provider')), ...(await containers('consumer'))]
  expect(ids).toHaveLength(2)
  for (const id of ids) await expectHardened(id)
  const [consumer = ''] = await containers('consumer')
  const bindings = await inspect<Record<string, { HostIp: string }[]>>(consumer, '.HostConfig.PortBindings')
  expect(Object.values(bindings).flatMap((list) => list.map(({ HostIp }) => HostIp))).toEqual([
    '127.0.0.1',
    '127.0.0.1',
  ])
})

test('128 MiB hold under a burst, and three providers share it', async () => {
  const { port, adminPort, containers } = await composeUp(inject('baseImage'), '--scale', 'provider=3')
  await untilAnswer(port, '/')
  const pods = new Set<string>()
  for (let round = 0; round < 3; round += 1) {
    const answer = await request(adminPort, '/burst?n=10000&concurrency=64', { method: 'POST' })
    const report = JSON.parse(answer.text) as BurstReport
    expect(report.total).toBe(10_000)
    // A shed request also counts as answered; a broken connection does not.
    expect(Object.keys(report.byOrigin).filter((origin) => origin === 'network')).toEqual([])
    expect(report.byStatus['200']).toBeGreaterThan(5000)
    for (const pod of Object.keys(report.byPod)) pods.add(pod)
    console.error(`burst ${round + 1}: ${JSON.stringify(report.byStatus)} in ${report.durationMs} ms`)
  }
  const ids = [...(await containers('provider')), ...(await containers('consumer'))]
  expect(ids).toHaveLength(4)
  for (const id of ids) {
    const [state] = await inspectAll(id)
    console.error(await docker('stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', id))
    expect(state).toMatchObject({ State: { Running: true, OOMKilled: false }, RestartCount: 0 })
  }
  const providers = await containers('provider')
  expect([...pods].sort()).toEqual(providers.map((id) => id.slice(0, 12)).sort())
})

async function inspectAll(id: string): Promise<ContainerState[]> {
  return JSON.parse(await docker('inspect', id)) as ContainerState[]
}

async function expectHardened(id: string): Promise<void> {
  const host = await inspect<Record<string, unknown>>(id, '.HostConfig')
  expect(host).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], Memory: 128 * 1024 * 1024, Privileged: false })
  expect(host['SecurityOpt']).toEqual(expect.arrayContaining([expect.stringContaining('no-new-privileges')]))
  const script = `
    const status = fs.readFileSync('/proc/1/status', 'utf8')
    const field = (name) => status.match(new RegExp(name + ':\\\\s+(\\\\S+)'))[1]
    let write = 'written'
    try { fs.writeFileSync('/app/x', '') } catch ({ code }) { write = code }
    try { fs.writeFileSync('/tmp/x', '') } catch ({ code }) { write += ' ' + code }
    const command = fs.readFileSync('/proc/1/cmdline', 'utf8').split('\\0')[0]
    console.log(JSON.stringify({ uid: field('Uid'), caps: field('CapEff'), noNewPrivs: field('NoNewPrivs'), write, command }))`
  expect(JSON.parse(await docker('exec', id, 'node', '-e', script))).toEqual({
    uid: '65532',
    caps: '0000000000000000',
    noNewPrivs: '1',
    write: 'EROFS EROFS',
    command: 'node',
  })
}

/** The consumer is ready some time after compose has returned. */
async function untilAnswer(port: number, path: string): Promise<{ text: string }> {
  const deadline = Date.now() + 30_000
  for (;;) {
    const answer = await request(port, path).catch((error: Error) => error)
    if (!(answer instanceof Error) && answer.status === 200) return answer
    if (Date.now() > deadline) throw new Error(`the consumer did not answer: ${JSON.stringify(answer)}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
