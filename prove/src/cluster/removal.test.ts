import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import type { Launcher, Output } from './kubectl.ts'
import { ownNamespaces } from './namespace.ts'
import { Removal } from './removal.ts'

const REQUEST = 'delete namespace -l linkerd-scenario/run=abc --wait=false'
const LOOK = 'get namespaces -l linkerd-scenario/run=abc -o json'
const WAITS = ['prove-1', 'prove-1-2'].map((name) => `wait --for=delete namespace/${name} --timeout=120s`)
const DELETED = '2026-01-01T00:00:00Z'

interface Surroundings {
  waits?: boolean
  accepts?: boolean[]
  refusal?: Partial<Output>
  launcher?: Launcher
}

/**
 * A removal in a cluster that deletes the namespaces when `gone` resolves. `accepts`: the answer to each request;
 * `refusal`: of all requests; `launcher` instead of that cluster's kubectl.
 */
function removal({ waits = false, accepts = [true], refusal = {}, launcher }: Surroundings = {}) {
  const interrupt = new AbortController()
  const leave = new AbortController()
  const gone = Promise.withResolvers<void>()
  const left = Promise.withResolvers<never>()
  leave.signal.addEventListener('abort', () => left.reject(new Error('ended')))
  left.promise.catch(() => undefined)
  const said: string[] = []
  const { kubectl, commands } = scriptedKubectl(async (line) => {
    if (line.startsWith('delete')) return refusal
    if (line.startsWith('wait')) await Promise.race([gone.promise, left.promise])
    if (!line.startsWith('get')) return {}
    const second = accepts.shift() === false ? {} : { deletionTimestamp: DELETED }
    return { stdout: JSON.stringify({ items: [{ metadata: { deletionTimestamp: DELETED } }, { metadata: second }] }) }
  })
  const target = ownNamespaces(['prove-1', 'prove-1-2'], 'abc')
  const signals = { interrupted: interrupt.signal, leave: leave.signal }
  const given = launcher === undefined ? kubectl : kubectl.with({ launcher })
  const own = new Removal({ kubectl: given, target, waits, ...signals, says: (line) => said.push(line) })
  return { removal: own, commands, said, interrupt, leave, gone }
}

test('at the end of a run the deletion is requested until it is accepted, and not waited for', async () => {
  const { removal: own, commands, said } = removal({ accepts: [false, true] })
  expect(await own.finish()).toEqual({ removed: 'accepted' })
  expect(commands).toEqual([REQUEST, LOOK, REQUEST, LOOK])
  expect(said).toEqual(['Removing the namespaces prove-1, prove-1-2: accepted, the cluster goes on by itself.'])
})

test('a deletion that is never accepted is not called one', async () => {
  const { removed, open } = await removal({ accepts: [false, false, false] }).removal.finish()
  expect(`${removed}: ${open}`).toMatch(/^unconfirmed: The deletion of the namespaces .* not confirmed.*--clean/)
})

test('it is waited for if the user asks for that', async () => {
  const { removal: own, commands, gone } = removal({ waits: true })
  gone.resolve()
  expect(await own.finish()).toEqual({ removed: 'gone' })
  expect(commands).toEqual([REQUEST, LOOK, ...WAITS])
})

test('an interrupt requests the deletion at once, whatever is under way, and then waits for every namespace', async () => {
  const { removal: own, commands, interrupt, gone } = removal()
  interrupt.abort()
  await vi.waitFor(() => expect(commands).toEqual([REQUEST]))
  const finished = own.finish()
  await vi.waitFor(() => expect(commands).toEqual([REQUEST, REQUEST, LOOK, ...WAITS]))
  gone.resolve()
  expect(await finished).toEqual({ removed: 'gone' })
})

test('a second signal ends the wait, with a note that the deletion continues', async () => {
  const { removal: own, commands, interrupt, leave } = removal()
  interrupt.abort()
  const finished = own.finish()
  await vi.waitFor(() => expect(commands).toContain(WAITS[1]))
  leave.abort()
  expect(await finished).toEqual({
    removed: 'accepted',
    open: 'Still being removed: the namespaces prove-1, prove-1-2.',
  })
})

test('a deletion that the cluster refuses is not called accepted, even after a second signal', async () => {
  const down = { code: 1, stderr: 'Unable to connect to the server: net/http: TLS handshake timeout' }
  const { removal: own, interrupt, leave } = removal({ refusal: down })
  interrupt.abort()
  leave.abort()
  const { removed, open } = await own.finish()
  expect(`${removed}: ${open}`).toMatch(/^unconfirmed: Could not remove the namespaces .*TLS handshake timeout/)
})

describe('a cluster that does not answer', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  test('is left some seconds after a second signal, and with it every kubectl that waits for it', async () => {
    const running = new Set<AbortSignal>()
    const run: Launcher['run'] = (_args, _input, signal) =>
      new Promise((_resolve, reject) => {
        running.add(signal)
        signal.addEventListener('abort', () => {
          running.delete(signal)
          reject(new Error('ended'))
        })
      })
    const start = () => expect.fail('nothing goes on')
    const { removal: own, interrupt, leave } = removal({ launcher: { run, start } })
    interrupt.abort()
    leave.abort()
    const finished = own.finish()
    await vi.advanceTimersByTimeAsync(5000)
    expect((await finished).removed).toBe('unconfirmed')
    expect(running.size).toBe(0)
  })
})
