import { expect, test, vi } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import { ownNamespace } from './namespace.ts'
import { Removal } from './removal.ts'

const REQUEST = 'delete namespace -l linkerd-scenario/run=abc --wait=false'
const WAIT = 'wait --for=delete namespace/prove-1 --timeout=120s'

/** A removal in a cluster that deletes the namespace when `gone` resolves. */
function removal() {
  const interrupt = new AbortController()
  const leave = new AbortController()
  const gone = Promise.withResolvers<void>()
  const left = Promise.withResolvers<never>()
  leave.signal.addEventListener('abort', () => left.reject(new Error('ended')))
  left.promise.catch(() => undefined)
  const { kubectl, commands } = scriptedKubectl(async (line) => {
    if (line.startsWith('wait')) await Promise.race([gone.promise, left.promise])
    return {}
  })
  const target = ownNamespace('prove-1', 'abc')
  const options = { kubectl, target, interrupted: interrupt.signal, leave: leave.signal, says: () => undefined }
  return { removal: new Removal(options), commands, interrupt, leave, gone }
}

test('at the end of a run the deletion is requested, and not waited for', async () => {
  const { removal: own, commands } = removal()
  expect(await own.finish()).toBeUndefined()
  expect(commands).toEqual([REQUEST])
})

test('an interrupt requests the deletion at once, whatever is under way, and then waits', async () => {
  const { removal: own, commands, interrupt, gone } = removal()
  interrupt.abort()
  await vi.waitFor(() => expect(commands).toEqual([REQUEST]))
  const finished = own.finish()
  await vi.waitFor(() => expect(commands).toEqual([REQUEST, REQUEST, WAIT]))
  gone.resolve()
  expect(await finished).toBeUndefined()
})

test('a second signal ends the wait, with a note that the deletion continues', async () => {
  const { removal: own, commands, interrupt, leave } = removal()
  interrupt.abort()
  const finished = own.finish()
  await vi.waitFor(() => expect(commands).toContain(WAIT))
  leave.abort()
  expect(await finished).toBe('Still being removed: the namespace prove-1.')
})
