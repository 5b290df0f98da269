import { once } from 'node:events'
import { execa } from 'execa'
import { expect, test } from 'vitest'

const LINES = 20_000
const logger = new URL('logger.ts', import.meta.url).pathname

/** Runs a process that writes lines and then ends as `end` says; its stdout is a pipe that is read late and slowly. */
async function linesOf(end: string): Promise<string[]> {
  const script = `
    import { createLogger } from ${JSON.stringify(logger)}
    const log = createLogger({ service: 'provider', version: 'v1', pod: 'p', responder: '' }, 'info')
    for (let i = 0; i < ${LINES}; i += 1) {
      log.info({ i }, 'a line')
      if (i % 1000 === 0) await new Promise(setImmediate)
    }
    ${end}`
  const child = execa(process.execPath, ['--input-type=module', '--eval', script], { reject: false })
  const { stdout } = await child
  return stdout.split('\n').filter((line) => line !== '')
}

test.each([
  ['by itself', ''],
  ['by process.exit()', 'process.exit(0)'],
  ['by an exception that nobody caught', 'setImmediate(() => { throw new Error("x") })'],
  [
    'by exit from a signal handler',
    'process.on("SIGTERM", () => process.exit(0)); process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)',
  ],
])('a process that ends %s has written every line', async (_how, end) => {
  const lines = await linesOf(end)
  expect(lines).toHaveLength(LINES)
  const numbers = lines.map((line) => (JSON.parse(line) as { i: number }).i)
  expect(new Set(numbers).size).toBe(LINES)
})

test('a line does not wait for others', async () => {
  const script = `
    import { createLogger } from ${JSON.stringify(logger)}
    createLogger({ service: 'provider', version: 'v1', pod: 'p', responder: '' }, 'info').info('alone')
    setInterval(() => {}, 1000)`
  const child = execa(process.execPath, ['--input-type=module', '--eval', script], { reject: false })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  child.kill()
  await child
  expect(JSON.parse(chunk.toString())).toMatchObject({ level: 'info', msg: 'alone' })
})
