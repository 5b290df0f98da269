import { expect, test } from 'vitest'
import { type Leave, QuietGate } from './quiet-gate.ts'

/** Measurements that end when the test says so, and which of them are running. */
function measurements() {
  const gate = new QuietGate()
  const running = new Map<string, Leave>()
  const begin = async (name: string, needsQuiet: boolean, signal = new AbortController().signal) => {
    running.set(name, gate.tryEnter(needsQuiet) ?? (await gate.enter(needsQuiet, signal)))
  }
  return {
    gate,
    begin: (...given: Parameters<typeof begin>) => void begin(...given).catch(() => undefined),
    /** The running ones, once everything that can happen has happened. */
    running: async () => {
      await new Promise(setImmediate)
      return [...running.keys()].join(' ')
    },
    end: (name: string) => {
      running.get(name)?.()
      running.delete(name)
    },
  }
}

test('measurements run side by side; one that needs quiet waits for them, and later ones wait for it', async () => {
  const { begin, running, end } = measurements()
  begin('a', false)
  begin('b', false)
  expect(await running()).toBe('a b')
  begin('quiet', true)
  begin('c', false)
  expect(await running()).toBe('a b')
  end('a')
  expect(await running()).toBe('b')
  end('b')
  expect(await running()).toBe('quiet')
  begin('d', false)
  expect(await running()).toBe('quiet')
  end('quiet')
  expect(await running()).toBe('c d')
})

test('two that need quiet run one after the other', async () => {
  const { begin, running, end } = measurements()
  begin('first', true)
  begin('second', true)
  expect(await running()).toBe('first')
  end('first')
  expect(await running()).toBe('second')
})

test('one that is interrupted while it waits is gone, and holds nobody up', async () => {
  const { gate, begin, running, end } = measurements()
  const interrupt = new AbortController()
  begin('a', false)
  const quiet = gate.enter(true, interrupt.signal)
  begin('b', false)
  expect(await running()).toBe('a')
  interrupt.abort(new Error('Interrupted'))
  await expect(quiet).rejects.toThrow('Interrupted')
  expect(await running()).toBe('a b')
  await expect(gate.enter(false, interrupt.signal)).rejects.toThrow('Interrupted')
  end('a')
  end('b')
  begin('quiet', true)
  expect(await running()).toBe('quiet')
})
