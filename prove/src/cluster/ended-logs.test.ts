import { expect, test } from 'vitest'
import { EndedLogs } from './ended-logs.ts'
import { Kubectl, type LongRunning } from './kubectl.ts'
import { systemClock } from './pace.ts'

/** Processes that the test writes for, by pod. */
function scripted() {
  const print = new Map<string, (line: string) => void>()
  const start = (args: readonly string[]): LongRunning => {
    const { promise: ended, resolve } = Promise.withResolvers<string>()
    const pod = args.find((arg) => arg.startsWith('pod/'))?.slice('pod/'.length) ?? ''
    return { onLine: (listener) => void print.set(pod, listener), ended, stop: () => resolve('') }
  }
  const kubectl = new Kubectl({
    launcher: { start, run: () => Promise.reject(new Error('not in this test')) },
    context: undefined,
    clock: systemClock,
    timeoutMs: 1000,
    signal: new AbortController().signal,
    onCommand: () => undefined,
  })
  return { logs: new EndedLogs(kubectl, 'test'), print, started: () => [...print.keys()] }
}

test('each pod that ends is followed once, and its last lines are kept', () => {
  const { logs, print, started } = scripted()
  logs.follow(['a'])
  logs.follow(['a', 'b'])
  expect(started()).toEqual(['a', 'b'])
  for (let line = 1; line <= 301; line += 1) print.get('a')?.(`line ${line}`)
  print.get('b')?.('x'.repeat(5000))
  expect(logs.texts.get('a')).toMatch(/^line 2\n[\s\S]*line 301\n$/)
  expect(logs.texts.get('b')).toHaveLength(1001)
})

test('the next feature begins with nothing, and the number of pods is limited', async () => {
  const { logs, started } = scripted()
  logs.follow(Array.from({ length: 40 }, (_, index) => `pod-${index}`))
  expect(started()).toHaveLength(12)
  logs.clear()
  expect(logs.texts.size).toBe(0)
  await logs.close()
})
