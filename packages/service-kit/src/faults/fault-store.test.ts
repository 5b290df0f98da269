import { FaultSyntaxError, parseFaults } from '@linkerd-scenario/contract'
import { expect, test } from 'vitest'
import { FaultStore, type FaultStoreOptions } from './fault-store.ts'

const storeOf = (options: Partial<FaultStoreOptions> = {}) =>
  new FaultStore({ enabled: true, service: 'provider', version: 'v1', seed: 's', ...options })

const finalOf = (store: FaultStore, header?: string, attempt = 1) => store.plan(header, attempt)?.end?.text

test('a fault happens in the service and version that it names, by default in the provider', () => {
  const provider = storeOf()
  const consumer = storeOf({ service: 'consumer' })
  for (const [text, inProvider, inConsumer] of [
    ['reset', true, false],
    ['reset;at=provider', true, false],
    ['reset;at=provider/v1', true, false],
    ['reset;at="provider/v1"', true, false],
    ['reset;at=provider/v2', false, false],
    ['reset;at=consumer', false, true],
    ['reset;at=consumer/v1', false, true],
    ['reset;at=prov', false, false],
  ] as const) {
    expect(finalOf(provider, text) !== undefined, text).toBe(inProvider)
    expect(finalOf(consumer, text) !== undefined, text).toBe(inConsumer)
  }
})

test('times=2 hits only the first two attempts', () => {
  const store = storeOf()
  expect([1, 2, 3, 1].map((attempt) => finalOf(store, 'hang;times=2', attempt) !== undefined)).toEqual([
    true,
    true,
    false,
    true,
  ])
})

test('the most specific place that has a fault for this service wins', () => {
  const store = storeOf({ variable: parseFaults('close') })
  expect(finalOf(store)).toBe('close')
  store.setAdmin(parseFaults('hang'))
  expect(finalOf(store)).toBe('hang')
  expect(finalOf(store, 'reset')).toBe('reset')
  expect(finalOf(store, 'reset;at=consumer')).toBe('hang')
  expect(finalOf(store, 'reset;rate=0')).toBeUndefined()
  expect(finalOf(store, 'reset;times=1', 2)).toBeUndefined()
  store.setAdmin(parseFaults('hang;at=consumer'))
  expect(finalOf(store)).toBe('close')
  store.setAdmin([])
  expect(finalOf(store)).toBe('close')
})

test('of several faults the delays come first, then the first that ends the request', () => {
  const plan = storeOf().plan('truncate;bytes=1, status;code=503, delay;ms=5, reset, delay;ms=7, size;bytes=9', 1)
  expect(plan?.waits.map(({ ms }) => ms)).toEqual([5, 7])
  expect(plan?.end?.text).toBe('status;code=503')
  expect(plan?.shapes.map(({ text }) => text)).toEqual(['truncate;bytes=1', 'size;bytes=9'])
})

test('a header that is not a list of faults is an error, and no part of it is applied', () => {
  const store = storeOf({ variable: parseFaults('close') })
  expect(() => store.plan('reset, explode', 1)).toThrow(FaultSyntaxError)
  expect(() => store.plan('', 1)).toThrow(FaultSyntaxError)
})

test('the sequence of one place does not depend on the others', () => {
  const alone = storeOf({ variable: parseFaults('reset;rate=0.5') })
  const mixed = storeOf({ variable: parseFaults('reset;rate=0.5') })
  const sequence = (store: FaultStore, between: () => void) =>
    Array.from({ length: 200 }, () => {
      between()
      return finalOf(store) !== undefined
    })
  const undisturbed = sequence(alone, () => {})
  expect(sequence(mixed, () => mixed.plan('reset;rate=0.5', 1))).toEqual(undisturbed)
  const header = storeOf()
  expect(Array.from({ length: 200 }, () => finalOf(header, 'reset;rate=0.5') !== undefined)).not.toEqual(undisturbed)
})

test('setting the same faults again restarts their sequence', () => {
  const store = storeOf()
  const run = () => {
    store.setAdmin(parseFaults('reset;rate=0.5'))
    return Array.from({ length: 100 }, () => finalOf(store) !== undefined)
  }
  expect(run()).toEqual(run())
})

test('a million header texts are not all kept, and a forgotten one does not restart its sequence', () => {
  const store = storeOf()
  const text = 'reset;rate=0.5'
  const sequence = () => Array.from({ length: 64 }, () => finalOf(store, text) !== undefined)
  const first = sequence()
  for (let ms = 0; ms < 1000; ms += 1) store.plan(`delay;ms=${ms}`, 1)
  expect(sequence()).not.toEqual(first)
})
