import { FaultSyntaxError, parseFaults } from '@linkerd-scenario/contract'
import { type Static, type TEnum, Type } from 'typebox'

const port = { minimum: 0, maximum: 65_535 }
const milliseconds = { minimum: 0, maximum: 2_147_483_647 }

/** A TCP port; 0 lets the system pick one. */
export const Port = (options: { default: number; description: string }) => Type.Integer({ ...port, ...options })

/** A time in milliseconds, no longer than Node's timers can wait. */
export const Milliseconds = (options: { default: number; minimum?: number; description: string }) =>
  Type.Integer({ ...milliseconds, ...options })

/** A variable with one of the given words. */
export const Word = <const Words extends string[]>(
  words: Words,
  options: { default: Words[number]; description: string },
): TEnum<Words> => Type.Enum<Words>([...words], options)

/** The variables that both services read. A service adds its own to these. */
export const commonSettings = {
  ADMIN_PORT: Type.Optional(
    Type.Integer({
      ...port,
      description: 'Port of probes, metrics and controls. Without it: the port of the service + 1',
    }),
  ),
  HOST: Type.Optional(
    Type.String({
      minLength: 1,
      description: 'Address to listen on. Without it: all, IPv6 and IPv4. `npm start` sets `localhost`',
    }),
  ),
  ADMIN_HOSTS: Type.Optional(
    Type.String({ description: 'More host names by which the admin port may be called, comma list' }),
  ),
  VERSION: Type.String({
    default: 'v1',
    pattern: '^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$',
    description: 'Version that the pod shows, in the form of a Kubernetes label',
  }),
  READY_DELAY_MS: Milliseconds({ default: 0, description: 'Time from the start until the service is ready' }),
  DRAIN_DELAY_MS: Milliseconds({
    default: 0,
    description: 'Keeps serving for this time after SIGTERM, while the endpoints still hold the pod',
  }),
  SHUTDOWN_TIMEOUT_MS: Milliseconds({
    default: 10_000,
    description: 'Longest wait for requests in flight; then their connections are cut',
  }),
  FAULT_INJECTION: Word(['disabled', 'enabled'], {
    default: 'disabled',
    description: 'Whether `x-fault`, `PUT /faults` and FAULT cause faults',
  }),
  FAULT: Type.Optional(
    Type.Refine(
      Type.String({ description: 'Faults of this process, in the form of `x-fault`' }),
      (text) => faultObjection(text) === undefined,
      (text) => faultObjection(text) ?? 'not a list of faults',
    ),
  ),
  FAULT_SEED: Type.Optional(
    Type.String({
      maxLength: 100,
      description: 'Seed of the random choices of faults. Without it: a new one at each start',
    }),
  ),
  TRUSTED_PROXY: Word(['linkerd', 'envoy', 'none'], {
    default: 'linkerd',
    description:
      'Whose headers say who called: `l5d-client-id` of Linkerd, or `x-forwarded-client-cert` of Envoy. See docs/istio.md before you set `envoy`',
  }),
  LOG_LEVEL: Word(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'Lowest level of the log lines that are written',
  }),
  ACCESS_LOG: Word(['on', 'off'], { default: 'on', description: 'Whether each request writes a log line' }),
}

const CommonSettings = Type.Object(commonSettings)
export type CommonConfig = Readonly<Static<typeof CommonSettings>>

function faultObjection(text: string): string | undefined {
  try {
    parseFaults(text)
    return undefined
  } catch (error) {
    if (error instanceof FaultSyntaxError) return error.message
    throw error
  }
}

/** The problem of values that are valid alone but not together; undefined without one. */
export function settingsObjection(config: Readonly<Record<string, unknown>>): string | undefined {
  return config['FAULT'] !== undefined && config['FAULT_INJECTION'] === 'disabled'
    ? 'FAULT is set, but faults are disabled: set FAULT_INJECTION=enabled too'
    : undefined
}
