import { join } from 'node:path'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import { until } from '@linkerd-scenario/test-kit/until'
import { execa } from 'execa'
import { afterEach, expect, test } from 'vitest'

const script = join(import.meta.dirname, 'start.ts')
const WELCOME = 'Both services are ready'
const running: ReturnType<typeof run>[] = []

afterEach(async () => {
  for (const child of running.splice(0)) {
    child.kill('SIGKILL')
    await child
  }
})

async function freePorts(): Promise<{ PROVIDER_PORT: string; CONSUMER_PORT: string }> {
  return { PROVIDER_PORT: String(await freePort()), CONSUMER_PORT: String(await freePort()) }
}

function start(env: Record<string, string>, args: string[] = [], command = [process.execPath, script]) {
  const [file = '', ...rest] = [...command, ...args]
  const child = run(file, rest, env)
  running.push(child)
  const told = { text: '' }
  child.all.on('data', (chunk: Buffer) => {
    told.text += chunk.toString()
  })
  const exit = child.then(({ exitCode = null, signal = null }) => [exitCode, signal])
  return { child, told, exit }
}

function run(file: string, args: string[], env: Record<string, string>) {
  return execa(file, args, {
    env: { PATH: process.env['PATH'], ...env },
    extendEnv: false,
    stdin: 'ignore',
    all: true,
    reject: false,
  })
}

const welcomed = (told: { text: string }) =>
  until(
    () => told.text,
    (text) => text.includes(WELCOME),
    { withinMs: 45_000 },
  )

test('both answer, and one signal ends both', async () => {
  const ports = await freePorts()
  const { child, told, exit } = start(ports)
  await welcomed(told)
  const answer = await fetch(`http://localhost:${ports.CONSUMER_PORT}/?in=hello`)
  expect(await answer.json()).toMatchObject({ message: "I'm version: v1: hello" })
  const link = /(http:\/\/\S+\/)\s+the live page/.exec(told.text)?.[1] ?? ''
  const page = await fetch(link)
  expect(page.status).toBe(200)
  expect(page.headers.get('content-type')).toContain('text/html')
  child.kill('SIGINT')
  expect(await exit).toEqual([0, null])
  await expect(fetch(`http://localhost:${ports.PROVIDER_PORT}/`)).rejects.toThrow()
})

test('no welcome text if the ports belong to services of another start', async () => {
  const ports = await freePorts()
  const first = start(ports)
  await welcomed(first.told)
  const second = start(ports)
  expect(await second.exit).toEqual([1, null])
  expect(second.told.text).toContain('is taken')
  expect(second.told.text).not.toContain(WELCOME)
  expect((await fetch(`http://localhost:${ports.CONSUMER_PORT}/`)).status).toBe(200)
  first.child.kill('SIGTERM')
  expect(await first.exit).toEqual([0, null])
})

test('the services end when npm is killed', async () => {
  const ports = await freePorts()
  const npm = [process.execPath, '--input-type=module', '--eval']
  const asNpm = `
    import { spawn } from 'node:child_process'
    spawn(process.execPath, [${JSON.stringify(script)}], { stdio: 'inherit', env: { ...process.env, npm_lifecycle_event: 'start' } })`
  const { child, told, exit } = start(ports, [asNpm], npm)
  await welcomed(told)
  child.kill('SIGKILL')
  // Its output ends when the last process that writes to it has ended.
  await exit
  expect(told.text.match(/stopped, nothing was lost/g)).toHaveLength(2)
})

test.each([
  [{ PROVIDER_PORT: '7000', CONSUMER_PORT: '7000' }, 'too close'],
  [{ PROVIDER_PORT: '7001', CONSUMER_PORT: '7000' }, 'too close'],
  [{ PROVIDER_PORT: '0', CONSUMER_PORT: '7000' }, 'name ports'],
  [{ ADMIN_PORT: '7000' }, 'ADMIN_PORT is one port'],
])('%j is refused with what to do', async (env, says) => {
  const { told, exit } = start(env)
  expect(await exit).toEqual([2, null])
  expect(told.text).toContain(says)
})

test('an unknown option is refused with a list of the known ones', async () => {
  const { told, exit } = start({}, ['--bogus'])
  expect(await exit).toEqual([2, null])
  expect(told.text).toMatch(/--bogus[\s\S]*--faults/)
})
