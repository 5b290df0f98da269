import { setTimeout as sleep } from 'node:timers/promises'
import { formatFaults } from '@linkerd-scenario/contract'
import type { FastifyInstance } from 'fastify'
import type { TObject } from 'typebox'
import { configText } from '../config/config-table.ts'
import { ConfigError, readConfig } from '../config/read-config.ts'
import { type CommonConfig, settingsObjection } from '../config/settings.ts'
import { type Identity, identify } from '../identity.ts'
import { createLogger } from '../observe/logger.ts'
import { loadTracing } from '../observe/tracing.ts'
import { createRuntime, type ServiceRuntime } from '../runtime.ts'
import type { ServiceServers } from '../service-servers.ts'
import { ListenError, listen } from './listen.ts'
import { type OpenServers, Shutdown } from './shutdown.ts'

/** sysexits.h: something was found in an unconfigured or misconfigured state. */
const EX_CONFIG = 78
const MAX_PORT = 65_535
/** The admin server is a quarter of the start: it is made that long after the service listens, whose callers wait. */
const ADMIN_AFTER_MS = 25
/** The metrics of the process itself begin with the first scrape, or that long after the start if none has come. */
const METRICS_BEGIN_AFTER_MS = 1000

export interface ServiceDefinition<Config extends CommonConfig> {
  service: Identity['service']
  schema: TObject
  portVariable: keyof Config & string
  build: (runtime: ServiceRuntime<Config>) => ServiceServers
}

/**
 * The life of a service's process: reads the configuration from `host.env`, listens, becomes ready, drains on SIGTERM
 * or SIGINT, and ends with status 0, 1 where requests had to be cut or a port was taken, 78 for a bad configuration.
 */
export async function serve<Config extends CommonConfig>(
  host: NodeJS.Process,
  { service, schema, portVariable, build }: ServiceDefinition<Config>,
): Promise<void> {
  if (host.argv.includes('--help') || host.argv.includes('-h')) {
    host.stdout.write(`${service}: its configuration is the environment alone\n\n${configText(schema)}\n`)
    return
  }
  const settings = settingsFrom<Config>(host, { service, schema, portVariable })
  if (settings === undefined) return
  const identity = identify(service, settings.VERSION, settings.POD_NAME)
  const logger = createLogger(identity, settings.LOG_LEVEL)
  const tracing = await loadTracing(host.env, identity, logger)
  const runtime = createRuntime({ service, settings, logger, tracing })
  const { api, buildAdmin } = build(runtime)
  const servers: OpenServers = { api }
  const shutdown = new Shutdown(host, runtime, servers)
  try {
    const { port, adminPort } = portsOf(settings, portVariable)
    // The service first: its callers wait for it, and whoever gets a word from the admin port may count on it.
    const serverPort = await listen(api, { host: settings.HOST, port, variable: portVariable })
    await sleep(ADMIN_AFTER_MS)
    if (shutdown.hasBegun) return
    const admin = buildAdmin()
    servers.admin = admin
    const listening = {
      'server.port': serverPort,
      'admin.port': await listen(admin, { host: settings.HOST, port: adminPort, variable: 'ADMIN_PORT' }),
    }
    const { meshed } = await runtime.mesh.read()
    if (shutdown.hasBegun) return
    logger.info({ ...listening, meshed, config: settings }, 'listening')
    warnOfFaults(runtime)
  } catch (error) {
    if (shutdown.hasBegun) return
    if (!(error instanceof ListenError)) throw error
    logger.fatal(error.message)
    await Promise.all([closeAtOnce(api), servers.admin && closeAtOnce(servers.admin)])
    shutdown.cancel()
    host.exitCode = 1
    return
  }
  becomeReady(runtime, settings.READY_DELAY_MS)
  setTimeout(() => void runtime.metrics.registry(), METRICS_BEGIN_AFTER_MS).unref()
}

function settingsFrom<Config extends CommonConfig>(
  host: NodeJS.Process,
  { service, schema, portVariable }: Pick<ServiceDefinition<Config>, 'service' | 'schema' | 'portVariable'>,
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

function portsOf<Config extends CommonConfig>(settings: Config, portVariable: keyof Config & string) {
  const port = settings[portVariable] as number
  return { port, adminPort: settings.ADMIN_PORT ?? (port === 0 ? 0 : port + 1) }
}

function portObjection<Config extends CommonConfig>(settings: Config, portVariable: keyof Config & string) {
  const { port, adminPort } = portsOf(settings, portVariable)
  if (adminPort > MAX_PORT) return `ADMIN_PORT is missing: there is no port after ${port}`
  return adminPort === port && port !== 0 ? `ADMIN_PORT is "${port}": a port other than ${portVariable}` : undefined
}

function warnOfFaults({ faults, logger }: ServiceRuntime): void {
  if (!faults.enabled) return
  logger.warn(
    { fault_seed: faults.seed, fault: formatFaults(faults.variable) || undefined },
    'FAULT INJECTION IS ENABLED: any caller can make this process delay, refuse and break its answers',
  )
}

function becomeReady({ readiness, logger }: ServiceRuntime, delayMs: number): void {
  const start = () => {
    if (readiness.status === 'draining') return
    readiness.start()
    logger.info('ready')
  }
  if (delayMs === 0) start()
  else setTimeout(start, delayMs).unref()
}

async function closeAtOnce(app: FastifyInstance): Promise<void> {
  const sweep = setInterval(() => app.httpServers.closeAllConnections(), 10)
  try {
    await app.close()
  } finally {
    clearInterval(sweep)
  }
}
