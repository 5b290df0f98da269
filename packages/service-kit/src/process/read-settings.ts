import type { TObject } from 'typebox'
import { ConfigError, readConfig } from '../config/read-config.ts'
import { type CommonConfig, settingsObjection } from '../config/settings.ts'

/** sysexits.h: something was found in an unconfigured or misconfigured state. */
export const EX_CONFIG = 78
const MAX_PORT = 65_535

/** What a service reads from its environment. */
export interface SettingsOf<Config extends CommonConfig> {
  service: string
  schema: TObject
  /** The variable that sets the port of the service. */
  portVariable: keyof Config & string
}

/**
 * The validated settings from the environment of `host`. If they are not valid, it writes the problems to stderr, sets the
 * exit status 78, and returns undefined.
 */
export function settingsFrom<Config extends CommonConfig>(
  host: NodeJS.Process,
  { service, schema, portVariable }: SettingsOf<Config>,
): Config | undefined {
  try {
    const objection = (config: Readonly<Record<string, unknown>>) =>
      settingsObjection(config) ?? portObjection(config as Config, portVariable)
    return readConfig(schema, host.env, objection) as Config
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const lines = error.problems.map((problem) => `  ${problem}\n`).join('')
    host.stderr.write(`${service} cannot start. ${error.message}:\n${lines}--help prints all variables.\n`)
    host.exitCode = EX_CONFIG
    return undefined
  }
}

/** The ports of the service and of its admin server: without ADMIN_PORT, the admin port is the next one. */
export function portsOf<Config extends CommonConfig>(settings: Config, portVariable: keyof Config & string) {
  const port = settings[portVariable] as number
  return { port, adminPort: settings.ADMIN_PORT ?? (port === 0 ? 0 : port + 1) }
}

function portObjection<Config extends CommonConfig>(settings: Config, portVariable: keyof Config & string) {
  const { port, adminPort } = portsOf(settings, portVariable)
  if (adminPort > MAX_PORT) return `ADMIN_PORT is missing, and there is no port after ${port}: set it`
  return adminPort === port && port !== 0 ? `ADMIN_PORT is "${port}": a port other than ${portVariable}` : undefined
}
