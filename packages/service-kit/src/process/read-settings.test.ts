import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { commonSettings, Port } from '../config/settings.ts'
import { portsOf, settingsFrom } from './read-settings.ts'

const schema = Type.Object({ APP_PORT: Port({ default: 5000, description: 'port' }), ...commonSettings })

/** What `settingsFrom` returns, writes and sets, for a process with this environment. */
function read(env: NodeJS.ProcessEnv) {
  let written = ''
  const write = (text: string) => {
    written += text
  }
  const host = { env, stderr: { write }, exitCode: undefined } as unknown as NodeJS.Process
  const settings = settingsFrom(host, { service: 'app', schema, portVariable: 'APP_PORT' as never })
  return { settings, written, status: host.exitCode }
}

test('a valid environment gives the settings, and writes nothing', () => {
  expect(read({ APP_PORT: '80' })).toMatchObject({ settings: { APP_PORT: 80 }, written: '', status: undefined })
})

test('an invalid one gives status 78 and a line for each problem', () => {
  const { settings, written, status } = read({ APP_PORT: 'x', LOG_LEVEL: 'loud' })
  expect([settings, status]).toEqual([undefined, 78])
  expect(written).toMatch(
    /^app cannot start\. .*:\n {2}APP_PORT is "x": .*\n {2}LOG_LEVEL is "loud": .*\n--help prints/,
  )
})

test.each([
  [{ APP_PORT: '65535' }, 'ADMIN_PORT is missing'],
  [{ APP_PORT: '80', ADMIN_PORT: '80' }, 'a port other than APP_PORT'],
])('%o leaves no port for the admin server', (env, problem) => {
  expect(read(env)).toMatchObject({ settings: undefined, written: expect.stringContaining(problem) as string })
})

test('the admin port is the next one, unless it is set or the system picks', () => {
  const ports = (env: NodeJS.ProcessEnv) => portsOf(read(env).settings as never, 'APP_PORT' as never)
  expect(ports({ APP_PORT: '80' })).toEqual({ port: 80, adminPort: 81 })
  expect(ports({ APP_PORT: '80', ADMIN_PORT: '9' })).toEqual({ port: 80, adminPort: 9 })
  expect(ports({ APP_PORT: '0' })).toEqual({ port: 0, adminPort: 0 })
})
