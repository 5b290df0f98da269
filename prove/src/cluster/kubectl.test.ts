import { expect, test } from 'vitest'
import { scriptedKubectl } from '../../testing/scripted-kubectl.ts'
import { commandLine } from './command-line.ts'

const refused = {
  code: 1,
  stderr: 'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?\n',
}
const down = { code: 1, stderr: 'Unable to connect to the server: net/http: TLS handshake timeout' }

test('a command that fails because of the API server is retried, and finally succeeds', async () => {
  let left = 3
  const { kubectl, commands } = scriptedKubectl(() => {
    left -= 1
    return left > 0 ? down : { stdout: '{"kind":"List"}' }
  })
  expect(await kubectl.json(['get', 'pods'])).toEqual({ kind: 'List' })
  expect(commands).toEqual(['get pods -o json', 'get pods -o json', 'get pods -o json'])
})

test.each([
  [down, 'TLS handshake timeout'],
  [refused, 'was refused'],
])('an API server that stays down is given up with its last error: %j', async (output, reason) => {
  const { kubectl, commands } = scriptedKubectl(() => output)
  await expect(kubectl.run(['get', 'pods'])).rejects.toThrow(reason)
  expect(commands).toHaveLength(5)
})

test('a refusal is not a network error, and is not retried, whatever a warning says', async () => {
  const stderr = 'Warning: the plugin is old, try again later\nError from server (Forbidden): no'
  const { kubectl, commands } = scriptedKubectl(() => ({ code: 1, stderr }))
  await expect(kubectl.run(['get', 'pods'])).rejects.toThrow('(Forbidden)')
  expect(commands).toHaveLength(1)
})

test('an error of several lines is kept whole, without the warnings before it', async () => {
  const stderr = `Warning: old field\nError from server: admission webhook "guard" denied the request:\n\nno labels\n`
  const { kubectl } = scriptedKubectl(() => ({ code: 1, stderr }))
  await expect(kubectl.run(['apply'])).rejects.toThrow(
    /1: Error from server: admission webhook "guard" denied the request: no labels$/,
  )
})

test('an interrupt ends it, with its own reason', async () => {
  const interrupt = new AbortController()
  const { kubectl } = scriptedKubectl(() => {
    interrupt.abort(new Error('Interrupted'))
    return refused
  }, interrupt.signal)
  await expect(kubectl.run(['get', 'pods'])).rejects.toThrow()
  await expect(kubectl.run(['get', 'pods'])).rejects.toThrow('Interrupted')
})

test('a command line can be pasted into a shell', () => {
  expect(commandLine('kubectl', ['get', 'pods', '-n', 'a-b', '-o', "jsonpath={.items[*]['x']}"])).toBe(
    `kubectl get pods -n a-b -o 'jsonpath={.items[*]['\\''x'\\'']}'`,
  )
})
