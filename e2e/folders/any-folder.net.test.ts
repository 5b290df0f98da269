import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import { until } from '@linkerd-scenario/test-kit/until'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Checkout, checkout } from './checkout.ts'

let copy: Checkout

beforeAll(async () => {
  copy = await checkout('mi código & más')
}, 120_000)
afterAll(() => copy[Symbol.asyncDispose]())

// The commands of the README work in any folder and for any user.
describe.each([
  ['a folder with spaces, an ampersand and letters outside ASCII', () => copy.folder],
  ['a symbolic link to it', () => copy.link],
])('in %s', (_where, cwd) => {
  test('npm start serves, and one signal ends it', async () => {
    const [provider, consumer] = [await freePort(), await freePort()]
    const env = { PROVIDER_PORT: String(provider), CONSUMER_PORT: String(consumer) }
    const start = copy.start(cwd(), 'npm', ['start'], env)
    let output = ''
    start.all?.on('data', (chunk: Buffer) => {
      output += chunk.toString()
    })
    await until(
      () => output,
      (text) => text.includes('Both services are ready'),
      { withinMs: 45_000 },
    )
    const answer = await fetch(`http://localhost:${consumer}/?in=hello`, { headers: { connection: 'close' } })
    expect(await answer.json()).toMatchObject({ message: "I'm version: v1: hello" })
    process.kill(-(start.pid ?? 0), 'SIGINT')
    await start
    expect(output.match(/nothing was lost/g)).toHaveLength(2)
  })

  test('npm run docs writes the generated tables', async () => {
    const file = join(cwd(), 'docs/errors.md')
    const before = await readFile(file, 'utf8')
    await writeFile(file, before.replace(/^\| `NOT_FOUND`.*\n/m, ''))
    expect(await readFile(file, 'utf8')).not.toBe(before)
    await copy.start(cwd(), 'npm', ['run', 'docs'])
    expect(await readFile(file, 'utf8')).toBe(before)
  })

  test('npm run sbom names the shipped packages', async () => {
    const { stdout } = await copy.start(cwd(), 'npm', ['run', '--silent', 'sbom'])
    expect((JSON.parse(String(stdout)) as { components: unknown[] }).components.length).toBeGreaterThan(40)
  })

  test('npm run prove -- --dry-run prints its plan', async () => {
    const { all } = await copy.start(cwd(), 'npm', ['run', 'prove', '--', '--dry-run', 'retries'])
    expect(all).toContain('kubectl')
  })

  test('the tests of a folder pass', async () => {
    const { all } = await copy.start(cwd(), 'npx', ['vitest', 'run', '--project', 'unit', 'packages/contract'])
    expect(all).toMatch(/Tests .*\d+ passed/)
  })
})
