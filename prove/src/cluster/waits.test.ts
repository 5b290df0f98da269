import { expect, test, vi } from 'vitest'
import { Waits } from './waits.ts'

function waits(lastWarning: () => Promise<string | undefined>) {
  const lines: string[] = []
  const warnings: (string | undefined)[] = []
  const announce = (line: string, warning: string | undefined) => {
    lines.push(line)
    warnings.push(warning)
  }
  return { lines, warnings, waits: new Waits({ quietMs: 1020, announce, lastWarning }) }
}

test('a wait that goes on is announced with what it is for now, and with the last warning', async () => {
  const { lines, warnings, waits: own } = waits(async () => 'FailedScheduling: 0/1 nodes are available')
  let what = 'the first pod'
  const { promise, resolve } = Promise.withResolvers<void>()
  const waiting = own.during(
    () => what,
    () => promise,
  )
  await vi.waitFor(() => expect(lines[0]).toContain('Waiting for the first pod'))
  expect(warnings[0]).toBe('FailedScheduling: 0/1 nodes are available')
  what = 'the second pod'
  await vi.waitFor(() => expect(lines.at(-1)).toContain('Waiting for the second pod'), { timeout: 10_000 })
  resolve()
  await waiting
  expect(own.take()).toMatchObject([{ what: 'the second pod' }])
  expect(own.take()).toEqual([])
})

test('a cluster that does not answer delays no announcement', async () => {
  const { lines, waits: own } = waits(() => new Promise(() => undefined))
  const { promise, resolve } = Promise.withResolvers<void>()
  const waiting = own.during('pods', () => promise)
  await vi.waitFor(() => expect(lines[0]).toMatch(/^Waiting for pods, \d+ s so far\.$/), { timeout: 10_000 })
  resolve()
  await waiting
})

test('a short wait is not announced, and a failed one is still counted', async () => {
  const { lines, waits: own } = waits(async () => undefined)
  await expect(own.during('an answer', () => Promise.reject(new Error('refused')))).rejects.toThrow('refused')
  expect(lines).toEqual([])
  expect(own.take()).toMatchObject([{ what: 'an answer' }])
})

test('of waits within each other one is announced, the innermost that is slow, and less and less often', async () => {
  const { lines, waits: own } = waits(async () => undefined)
  const { promise, resolve } = Promise.withResolvers<void>()
  const startedAt = performance.now()
  const waiting = own.during('calls', () => own.during('pods', () => promise))
  await vi.waitFor(() => expect(lines.length).toBeGreaterThanOrEqual(3), { timeout: 20_000, interval: 5 })
  const elapsedMs = performance.now() - startedAt
  resolve()
  await waiting
  expect(lines.filter((line) => !line.startsWith('Waiting for pods'))).toEqual([])
  // At 1020, 2040 and 4080 ms, each up to a second early: at equal intervals the third would come after 60 ms.
  expect(elapsedMs).toBeGreaterThan(3000)
})
