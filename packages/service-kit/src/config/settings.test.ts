import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { readConfig } from './read-config.ts'
import { commonSettings, settingsObjection } from './settings.ts'

const read = (env: NodeJS.ProcessEnv) => readConfig(Type.Object(commonSettings), env, settingsObjection)

test('FAULT needs FAULT_INJECTION=enabled, and has to be a list of faults', () => {
  expect(read({ FAULT: 'reset', FAULT_INJECTION: 'enabled' }).FAULT).toBe('reset')
  expect(() => read({ FAULT: 'reset' })).toThrow(
    expect.objectContaining({ problems: [expect.stringContaining('set FAULT_INJECTION=enabled too')] }),
  )
  expect(() => read({ FAULT: 'explode', FAULT_INJECTION: 'enabled' })).toThrow(
    expect.objectContaining({ problems: [expect.stringContaining('explode')] }),
  )
})

test.each(['v1', '1.2.3', 'a', 'v1_rc-2', 'x'.repeat(63)])('VERSION %s has the form of a label', (version) => {
  expect(read({ VERSION: version }).VERSION).toBe(version)
})

test.each(['-v1', 'v1-', 'v 1', 'v/1', 'x'.repeat(64)])('VERSION %s is refused', (version) => {
  expect(() => read({ VERSION: version })).toThrow()
})

test('a time longer than a timer of Node can wait is refused', () => {
  expect(read({ SHUTDOWN_TIMEOUT_MS: '2147483647' }).SHUTDOWN_TIMEOUT_MS).toBe(2_147_483_647)
  expect(() => read({ SHUTDOWN_TIMEOUT_MS: '2147483648' })).toThrow()
})
