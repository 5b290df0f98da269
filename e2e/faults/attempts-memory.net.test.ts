import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const ATTEMPTS = new URL('../../packages/service-kit/src/exchange/request-id.ts', import.meta.url).href

const program = `
  import { Attempts } from '${ATTEMPTS}'
  const heap = () => { gc(); gc(); return process.memoryUsage().heapUsed }
  const attempts = new Attempts()
  const before = heap()
  for (let i = 0; i < 1_000_000; i += 1) attempts.next(crypto.randomUUID())
  console.log(heap() - before, attempts.next('one more'))
`

test('a million distinct request ids grow the heap by less than 20 MB', async () => {
  const args = ['--expose-gc', '--input-type=module', '--eval', program]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const [bytes, attempt] = stdout.split(' ').map(Number)
  expect(attempt).toBe(1)
  expect(bytes).toBeLessThan(20e6)
})
