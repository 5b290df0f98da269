import { expect, test, vi } from 'vitest'
import { Kubectl, type Launcher } from './kubectl.ts'
import { ObjectWatch } from './object-watch.ts'
import { systemClock } from './pace.ts'

const pod = (name: string, resourceVersion: number) => ({
  kind: 'Pod',
  metadata: { name, uid: name, resourceVersion: String(resourceVersion) },
})

interface DrivenWatch {
  print: (type: string, object: object) => void
  end: (stderr: string) => void
  isStopped: boolean
}

/** A kubectl that lists `state.list`, and puts each of its watches into `watches`. */
function driven(state: { list: object[]; lists: number }, watches: DrivenWatch[]): Launcher {
  return {
    run: async () => {
      state.lists += 1
      return { code: 0, stdout: JSON.stringify({ items: state.list }), stderr: '' }
    },
    start: () => {
      const { promise: ended, resolve } = Promise.withResolvers<string>()
      let listener: (line: string) => void = () => undefined
      const watch: DrivenWatch = {
        print: (type, object) => listener(JSON.stringify({ type, object })),
        end: resolve,
        isStopped: false,
      }
      watches.push(watch)
      return {
        onLine: (added) => {
          listener = added
        },
        ended,
        stop: () => {
          watch.isStopped = true
          resolve('')
        },
      }
    },
  }
}

/** An ObjectWatch on a kubectl whose watches the test drives; `list` is what it lists. */
function scripted(list: object[]) {
  const watches: DrivenWatch[] = []
  const state = { list, lists: 0 }
  const interrupt = new AbortController()
  const { signal } = interrupt
  const clock = systemClock
  const kubectl = new Kubectl({
    launcher: driven(state, watches),
    context: undefined,
    clock,
    timeoutMs: 1000,
    signal,
    onCommand: () => undefined,
  })
  const pace = { pollMs: 5, commandMs: 10_000 }
  const watch = new ObjectWatch({ kubectl, namespace: 'test', resource: 'pods', clock, pace, signal })
  const started = async (n: number) => {
    await vi.waitFor(() => expect(watches).toHaveLength(n), { timeout: 20_000 })
    const last = watches.at(-1)
    if (last === undefined) throw new Error('no watch was started')
    return last
  }
  return { watch, state, watches, started, interrupt }
}

const namesOf = async (objects: Promise<readonly { metadata: { name: string } }[]>) =>
  (await objects).map(({ metadata }) => metadata.name)

test('a reader waits until the watch has shown all that a list shows, and then reads from memory', async () => {
  const { watch, state, started } = scripted([pod('a', 1), pod('b', 2)])
  const names = namesOf(watch.all())
  const { print } = await started(1)
  print('ADDED', pod('a', 1))
  await vi.waitFor(() => expect(state.lists).toBe(1))
  expect(await namesOf(watch.seen())).toEqual(['a'])
  print('ADDED', pod('b', 2))
  expect(await names).toEqual(['a', 'b'])
  print('DELETED', pod('a', 3))
  expect(await namesOf(watch.all())).toEqual(['b'])
  expect(state.lists).toBe(1)
})

test('a change wakes those who wait for one', async () => {
  const { watch, started } = scripted([])
  await watch.all()
  const { print } = await started(1)
  const changed = watch.changed(60_000)
  print('ADDED', pod('a', 1))
  await changed
})

test.each<[string, (watch: DrivenWatch) => void]>([
  ['the API server ends it', ({ end }) => end('')],
  ['the connection breaks', ({ end }) => end('error: unexpected EOF')],
  ['its version has expired', ({ print }) => print('ERROR', { kind: 'Status', code: 410 })],
])('a watch that ends is started again and misses nothing: %s', async (_name, breakOff) => {
  const { watch, state, started, watches } = scripted([pod('a', 1), pod('b', 2)])
  const first = watch.all()
  const one = await started(1)
  one.print('ADDED', pod('a', 1))
  one.print('ADDED', pod('b', 2))
  await first
  const changed = watch.changed(60_000)
  breakOff(one)
  await changed
  state.list = [pod('b', 5), pod('c', 6)]
  const second = namesOf(watch.all())
  const two = await started(2)
  two.print('ADDED', pod('b', 5))
  one.print('ADDED', pod('z', 9))
  two.print('ADDED', pod('c', 6))
  expect(await second).toEqual(['b', 'c'])
  expect(watches).toHaveLength(2)
})

test('a watch that shows nothing is replaced', async () => {
  const { watch, state, started } = scripted([])
  await watch.all()
  const one = await started(1)
  state.list = [pod('a', 1)]
  const confirmed = watch.confirm()
  const two = await started(2)
  expect(one.isStopped).toBe(true)
  two.print('ADDED', pod('a', 1))
  await confirmed
  expect(await namesOf(watch.all())).toEqual(['a'])
})

test('a refusal is an error in kubectl’s words, and is not tried again', async () => {
  const { watch, started, watches } = scripted([pod('a', 1)])
  const first = watch.all()
  first.catch(() => undefined)
  const { end } = await started(1)
  end(
    'Warning: an old version\nError from server (Forbidden): pods is forbidden: User "jo" cannot watch resource "pods"',
  )
  await expect(first).rejects.toThrow(/get pods -n test --watch` ended: .*User "jo" cannot watch/s)
  await expect(watch.all()).rejects.toThrow('jo')
  expect(watches).toHaveLength(1)
})

test('an interrupt ends a wait, and close ends kubectl', async () => {
  const { watch, started, interrupt } = scripted([])
  await watch.all()
  const one = await started(1)
  const changed = watch.changed(60_000)
  interrupt.abort(new Error('Interrupted'))
  await expect(changed).rejects.toThrow('Interrupted')
  await watch.close()
  expect(one.isStopped).toBe(true)
})

test('once it is closed, no reader starts it again', async () => {
  const { watch, started, watches } = scripted([pod('a', 1)])
  const confirming = expect(watch.all()).rejects.toThrow('closed')
  await started(1)
  await watch.close()
  await confirming
  await expect(watch.seen()).rejects.toThrow('closed')
  expect(watches).toHaveLength(1)
})

test('nor one that was about to start it again when it was closed', async () => {
  const { watch, started, watches } = scripted([])
  await watch.all()
  const { end } = await started(1)
  const changed = watch.changed(60_000)
  end('')
  await changed
  const reading = expect(watch.seen()).rejects.toThrow('closed')
  await watch.close()
  await reading
  expect(watches).toHaveLength(1)
})

test('a warning before an ordinary end is no refusal', async () => {
  const { watch, started } = scripted([])
  await watch.all()
  const one = await started(1)
  const changed = watch.changed(60_000)
  one.end('WARNING: the credentials come from a plugin that will not be supported any longer')
  await changed
  expect(await watch.seen()).toEqual([])
  await watch.close()
})
