import type { AddressInfo } from 'node:net'
import { createLogger, createRuntime, type ServiceRuntime, type ServiceServers } from '@linkerd-scenario/service-kit'
import { buildApp as buildConsumer } from '../../../services/consumer/src/app.ts'
import { ConsumerSettings } from '../../../services/consumer/src/config.ts'
import { buildApp as buildProvider } from '../../../services/provider/src/app.ts'
import { ProviderSettings } from '../../../services/provider/src/config.ts'
import { readConfig } from '../../service-kit/src/config/read-config.ts'
import type { CommonConfig } from '../../service-kit/src/config/settings.ts'
import { type Identity, identify } from '../../service-kit/src/identity.ts'
import type { Limits } from '../../service-kit/src/server/limits.ts'

export type LogLine = Record<string, unknown>

export interface InProcessOptions {
  env?: NodeJS.ProcessEnv
  limits?: Partial<Limits>
  proxyAdminPort?: number
  /** Adds to the servers before they listen. */
  extend?: (api: ServiceServers['api']) => void
}

/** A service that runs in the test's own process, on ports that the system picked, at 127.0.0.1. */
export interface InProcessService extends AsyncDisposable {
  port: number
  adminPort: number
  /** URL of the service without a slash at the end. */
  url: string
  adminUrl: string
  /** What it has logged so far. */
  lines: LogLine[]
  runtime: ServiceRuntime
  servers: Record<'api' | 'admin', ServiceServers['api']>
  close: () => Promise<void>
}

/** Load shedding is off by default, so that a busy machine does not break tests of other things. */
const NO_SHEDDING: Partial<Limits> = { eventLoopDelayMs: 60_000 }

/** Starts a provider in this process; close it, or bind it with `await using`. */
export function startProvider(options: InProcessOptions = {}): Promise<InProcessService> {
  return start('provider', readConfig(ProviderSettings, options.env ?? {}), buildProvider, options)
}

/** Starts a consumer in this process that calls the given port; close it, or bind it with `await using`. */
export function startConsumer(providerPort: number, options: InProcessOptions = {}): Promise<InProcessService> {
  const env = { PROVIDER_HOST: '127.0.0.1', PROVIDER_PORT: String(providerPort), ...options.env }
  return start('consumer', readConfig(ConsumerSettings, env), buildConsumer, options)
}

async function start<Config extends CommonConfig>(
  service: Identity['service'],
  settings: Config,
  build: (runtime: ServiceRuntime<Config>) => ServiceServers,
  { limits, proxyAdminPort = 1, extend }: InProcessOptions,
): Promise<InProcessService> {
  const lines: LogLine[] = []
  const write = (text: string) => void lines.push(JSON.parse(text) as LogLine)
  const identity = identify(service, settings.VERSION)
  const logger = createLogger(identity, settings.LOG_LEVEL, { write })
  const runtime = createRuntime({ identity, settings, logger, limits: { ...NO_SHEDDING, ...limits }, proxyAdminPort })
  const { api, buildAdmin } = build(runtime)
  const servers = { api, admin: buildAdmin() }
  extend?.(api)
  await Promise.all([servers.api, servers.admin].map((app) => app.listen({ host: '127.0.0.1', port: 0 })))
  runtime.readiness.start()
  const port = (servers.api.server.address() as AddressInfo).port
  const adminPort = (servers.admin.server.address() as AddressInfo).port
  const close = async () => {
    for (const app of [servers.api, servers.admin]) app.httpServers.closeAllConnections()
    await Promise.all([servers.api.close(), servers.admin.close()])
  }
  return {
    port,
    adminPort,
    url: `http://127.0.0.1:${port}`,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    lines,
    runtime,
    servers,
    close,
    [Symbol.asyncDispose]: close,
  }
}
