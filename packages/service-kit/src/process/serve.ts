import { setTimeout as sleep } from 'node:timers/promises'
import { formatFaults } from '@linkerd-scenario/contract'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { configText } from '../config/config-table.ts'
import type { CommonConfig } from '../config/settings.ts'
import type { FaultStore } from '../faults/fault-store.ts'
import { type Identity, identify } from '../identity.ts'
import { loadTracing } from '../observe/load-tracing.ts'
import { createLogger } from '../observe/logger.ts'
import { createRuntime, type ServiceRuntime } from '../runtime.ts'
import type { ServiceServers } from '../service-servers.ts'
import { ListenError, listen } from './listen.ts'
import { proxyObjection } from './proxy-objection.ts'
import { EX_CONFIG, portsOf, type SettingsOf, settingsFrom } from './read-settings.ts'
import { type OpenServers, Shutdown } from './shutdown.ts'

/** The admin server is built this long after the service listens, so that the first callers do not wait for it. */
const ADMIN_AFTER_MS = 25
/** The metrics of the process itself start with the first scrape, or after this time without one. */
const METRICS_BEGIN_AFTER_MS = 1000

export interface ServiceDefinition<Config extends CommonConfig> extends SettingsOf<Config> {
  service: Identity['service']
  build: (runtime: ServiceRuntime<Config>) => ServiceServers
  /** Name of the pod. Default: the host name, which in a cluster is the pod's name. */
  pod?: string | undefined
  /** Port of the proxy's admin server. Default: Linkerd's. */
  proxyAdminPort?: number | undefined
}

/**
 * Runs a service: reads the configuration from `host.env`, listens, becomes ready, and drains on SIGTERM or SIGINT. Exit
 * status: 0, 1 if requests were cut or a port was taken, 78 for a bad configuration.
 */
export async function serve<Config extends CommonConfig>(
  host: NodeJS.Process,
  { service, schema, portVariable, build, pod, proxyAdminPort }: ServiceDefinition<Config>,
): Promise<void> {
  if (host.argv.includes('--help') || host.argv.includes('-h')) {
    host.stdout.write(`${service}: configured by environment variables only\n\n${configText(schema)}\n`)
    return
  }
  const settings = settingsFrom<Config>(host, { service, schema, portVariable })
  if (settings === undefined) return
  const identity = identify(service, settings.VERSION, pod)
  const logger = createLogger(identity, settings.LOG_LEVEL)
  const objection = await proxyObjection(settings, proxyAdminPort)
  if (objection !== undefined) return refuse(host, logger, objection)
  const tracing = await loadTracing(host.env, identity, logger)
  const runtime = createRuntime({ identity, settings, logger, tracing, proxyAdminPort })
  const { api, buildAdmin } = build(runtime)
  const servers: OpenServers = { api }
  const shutdown = new Shutdown(host, runtime, servers)
  try {
    await openPorts(runtime, portVariable, servers, buildAdmin, shutdown)
    if (shutdown.hasBegun) return
  } catch (error) {
    if (shutdown.hasBegun) return
    if (!(error instanceof ListenError)) throw error
    logger.fatal(error.message)
    await Promise.all([closeAtOnce(servers.api), servers.admin && closeAtOnce(servers.admin)])
    shutdown.cancel()
    host.exitCode = 1
    return
  }
  becomeReady(runtime, settings.READY_DELAY_MS)
  setTimeout(() => void runtime.metrics.registry(), METRICS_BEGIN_AFTER_MS).unref()
}

function refuse(host: NodeJS.Process, logger: Logger, objection: string): void {
  logger.fatal(objection)
  host.exitCode = EX_CONFIG
}

/** Listens on both ports and logs it. Stops silently if the shutdown has begun. */
async function openPorts<Config extends CommonConfig>(
  { settings, mesh, faults, logger }: ServiceRuntime<Config>,
  portVariable: keyof Config & string,
  servers: OpenServers,
  buildAdmin: () => FastifyInstance,
  shutdown: Shutdown,
): Promise<void> {
  const { port, adminPort } = portsOf(settings, portVariable)
  // The service first, because its callers wait. If the admin port answers, the service listens.
  const serverPort = await listen(servers.api, { host: settings.HOST, port, variable: portVariable })
  await sleep(ADMIN_AFTER_MS)
  if (shutdown.hasBegun) return
  servers.admin = buildAdmin()
  const listening = {
    'server.port': serverPort,
    'admin.port': await listen(servers.admin, { host: settings.HOST, port: adminPort, variable: 'ADMIN_PORT' }),
  }
  const { meshed } = await mesh.read()
  if (shutdown.hasBegun) return
  logger.info({ ...listening, meshed, config: settings }, 'listening')
  if (faults.enabled) warnOfFaults(faults, logger)
}

function warnOfFaults(faults: FaultStore, logger: Logger): void {
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
