import { PassThrough } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { takeKeys } from './keyboard.ts'

function typed(isTTY = true) {
  const raw: boolean[] = []
  const keyboard = Object.assign(new PassThrough(), { isTTY, setRawMode: (isRaw: boolean) => raw.push(isRaw) })
  let interrupts = 0
  const giveBack = takeKeys(keyboard, () => {
    interrupts += 1
  })
  return { keyboard, raw, giveBack, interrupts: () => interrupts }
}

test('keys are gone, and Ctrl-C interrupts', async () => {
  const { keyboard, raw, giveBack, interrupts } = typed()
  keyboard.write('jj\r')
  expect(interrupts()).toBe(0)
  keyboard.write('x\u0003')
  expect(interrupts()).toBe(1)
  giveBack()
  expect(raw).toEqual([true, false])
  keyboard.write('\r')
  // The next reader gets it, even if it begins later.
  await setImmediate()
  expect(String(keyboard.read())).toBe('\r')
})

test('where there is no terminal, nothing is read', () => {
  const { keyboard, raw, giveBack } = typed(false)
  keyboard.write('text')
  giveBack()
  expect({ raw, left: String(keyboard.read()) }).toEqual({ raw: [], left: 'text' })
})
