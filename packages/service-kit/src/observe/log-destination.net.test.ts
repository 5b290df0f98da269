import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'

const LINES = 20_000
const MORE_THAN_IS_KEPT = 200_000
const logger = new URL('logger.ts', import.meta.url).href

const READ_LATE_MS = 300

/** A process that logs: `body` has a `log`. */
function logging(body: string, through = '') {
  const script = `
    import { createLogger } from ${JSON.stringify(logger)}
    const log = createLogger({ service: 'provider', version: 'v1', pod: 'p', responder: '' }, 'info')
    ${body}`
  const env = { ...process.env, SCRIPT: script, NODE: process.execPath }
  // The shell makes a pipe, as a container engine does; a child's own stdout is a socket here. Without a pipe the shell
  // becomes the process that logs, so that a signal reaches it.
  const command = `${through === '' ? 'exec ' : ''}"$NODE" --input-type=module --eval "$SCRIPT"${through}`
  return spawn('sh', ['-c', command], { env, stdio: ['ignore', 'pipe', 'pipe'] })
}

const write = (lines: number) => `
  for (let i = 0; i < ${lines}; i += 1) {
    log.info({ i }, 'a line')
    if (i % 1000 === 0) await new Promise(setImmediate)
  }`

/** The numbers of the lines, each of which must be whole. */
async function numbersFrom(stdout: Readable): Promise<number[]> {
  const lines = (await text(stdout)).split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => (JSON.parse(line) as { i: number }).i)
}

const SLOW_READER = ` | "$NODE" -e 'const { readSync, writeSync } = require("node:fs")
  const chunk = Buffer.alloc(5000)
  for (let n; (n = readSync(0, chunk)) > 0; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)) writeSync(1, chunk, 0, n)'`

describe.each([
  ['a socket', ''],
  ['a pipe', ' | cat'],
  ['a pipe that is read slowly', SLOW_READER],
])('into %s', (_into, through) => {
  test.each([
    ['by itself', ''],
    ['by process.exit()', 'process.exit(0)'],
    ['by an exception that nobody caught', 'setImmediate(() => { throw new Error("x") })'],
    [
      'by exit from a signal handler',
      'process.on("SIGTERM", () => process.exit(0)); process.kill(process.pid, "SIGTERM"); setInterval(() => {}, 1000)',
    ],
  ])('a process that ends %s has written every line, one after the other', async (_how, end) => {
    const child = logging(write(LINES) + end, through)
    await sleep(READ_LATE_MS)
    const numbers = await numbersFrom(child.stdout)
    expect(numbers).toHaveLength(LINES)
    expect(numbers.findIndex((number, i) => number !== i)).toBe(-1)
  })
})

test('a line does not wait for others', async () => {
  const child = logging(`log.info('alone'); setInterval(() => {}, 1000)`)
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  child.kill()
  await once(child, 'close')
  expect(JSON.parse(chunk.toString())).toMatchObject({ level: 'info', msg: 'alone' })
})

test('a reader that has stopped does not stop the process: what is too much is dropped, by whole lines', async () => {
  const child = logging(`${write(MORE_THAN_IS_KEPT)} process.stderr.write('written')`)
  await once(child.stderr, 'data')
  const numbers = await numbersFrom(child.stdout)
  expect(numbers.findIndex((number, i) => number !== i)).toBe(-1)
  expect(numbers.length).toBeGreaterThan(LINES)
  expect(numbers.length).toBeLessThan(MORE_THAN_IS_KEPT)
})

test('a process ends even if nobody reads its log', async () => {
  const child = logging(write(LINES))
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a process goes on when its reader is gone', async () => {
  const child = logging(`${write(LINES)} process.stderr.write('alive'); process.exit(3)`)
  child.stdout.destroy()
  const exit = once(child, 'exit')
  expect((await once(child.stderr, 'data')).toString()).toBe('alive')
  expect(await exit).toEqual([3, null])
})
