import { expect, test } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import type { LongRunning } from './kubectl.ts'
import { PortForwards } from './port-forwards.ts'

const PORTS = [5001, 4191]

interface DrivenForward {
  /** Prints where the ports are forwarded to. */
  begin: () => void
  end: (stderr: string) => void
  isStopped: boolean
}

/** Port-forwards by a kubectl whose processes the test drives. */
function drivenForwards() {
  const started: DrivenForward[] = []
  const start = (): LongRunning => {
    const { promise: ended, resolve: end } = Promise.withResolvers<string>()
    let print: (line: string) => void = () => undefined
    const begin = () => {
      for (const [index, port] of PORTS.entries()) print(`Forwarding from 127.0.0.1:${40_000 + index} -> ${port}`)
    }
    const forward: DrivenForward = { begin, end, isStopped: false }
    started.push(forward)
    const onLine = (listener: typeof print) => {
      print = listener
    }
    const stop = () => {
      forward.isStopped = true
      end('')
    }
    return { onLine, ended, stop }
  }
  const interrupt = new AbortController()
  const { kubectl } = scriptedKubectl(() => ({}), interrupt.signal)
  const run = () => expect.fail('nothing but forwards')
  const { signal } = interrupt
  const forwards = new PortForwards({
    kubectl: kubectl.with({ launcher: { start, run } }),
    namespace: 'test',
    signal,
    timeoutMs: 60_000,
  })
  return { forwards, started, interrupt }
}

test('one process forwards all ports of a pod, and after its end another one', async () => {
  const { forwards, started } = drivenForwards()
  const ports = Promise.all(PORTS.map((port) => forwards.port('a', PORTS, port)))
  started[0]?.begin()
  expect(await ports).toEqual([40_000, 40_001])
  started[0]?.end('error: lost connection to pod')
  await Promise.resolve()
  const again = forwards.port('a', PORTS, 4191)
  started[1]?.begin()
  expect(await again).toBe(40_001)
  expect(started).toHaveLength(2)
  await forwards.close()
})

test('an interrupt ends the wait for a forward that does not begin', async () => {
  const { forwards, started, interrupt } = drivenForwards()
  const port = forwards.port('a', PORTS, 5001)
  interrupt.abort(new Error('Interrupted'))
  await expect(port).rejects.toThrow('Interrupted')
  await expect(forwards.port('b', PORTS, 5001)).rejects.toThrow('Interrupted')
  await forwards.close()
  expect(started.map(({ isStopped }) => isStopped)).toEqual([true])
})

test('once they are closed, none is started', async () => {
  const { forwards, started } = drivenForwards()
  const port = forwards.port('a', PORTS, 5001)
  const closed = expect(port).rejects.toThrow('closed')
  await forwards.close()
  await closed
  forwards.prepare('b', PORTS)
  expect(started.map(({ isStopped }) => isStopped)).toEqual([true])
})
