import { Type } from 'typebox'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from './read-config.ts'
import { commonSettings, Port } from './settings.ts'

const schema = Type.Object({ APP_PORT: Port({ default: 5000, description: 'port' }), ...commonSettings })

test('an empty environment gives the defaults', () => {
  const config = readConfig(schema, { LOG_LEVEL: '' })
  expect(config).toMatchObject({ APP_PORT: 5000, VERSION: 'v1', LOG_LEVEL: 'info', ACCESS_LOG: 'on' })
  expect(config.ADMIN_PORT).toBeUndefined()
  expect(config.HOST).toBeUndefined()
})

test('variables are converted to their types', () => {
  expect(readConfig(schema, { APP_PORT: ' 80 ', READY_DELAY_MS: '2000', HOST: '::1' })).toMatchObject({
    APP_PORT: 80,
    READY_DELAY_MS: 2000,
    HOST: '::1',
  })
})

test('every problem is reported at once, with the variable, its value and what is allowed', () => {
  const env = { APP_PORT: '65536', ADMIN_PORT: 'x', LOG_LEVEL: 'loud', VERSION: 'a b', DRAIN_DELAY_MS: '-1' }
  const error = (() => {
    try {
      readConfig(schema, env)
      return undefined
    } catch (caught) {
      return caught
    }
  })()
  expect(error).toBeInstanceOf(ConfigError)
  const { problems } = error as ConfigError
  expect(problems).toHaveLength(5)
  expect(problems).toContain('APP_PORT is "65536": a whole number from 0 to 65535')
  expect(problems).toContain('LOG_LEVEL is "loud": one of fatal, error, warn, info, debug, trace, silent')
})

test.each(['0x10', '1e3', '5.5', 'NaN', '5000 6000'])('%j is not a whole number', (text) => {
  expect(() => readConfig(schema, { APP_PORT: text })).toThrow(ConfigError)
})
