import { parseFaults } from '@linkerd-scenario/contract'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { CommonConfig } from './config/settings.ts'
import { RequestCount } from './exchange/exchange-plugin.ts'
import { Attempts } from './exchange/request-id.ts'
import { FaultStore } from './faults/fault-store.ts'
import type { Identity } from './identity.ts'
import { MeshProbe } from './observe/mesh-probe.ts'
import { Metrics } from './observe/metrics.ts'
import type { Tracing } from './observe/tracing.ts'
import { Readiness } from './process/readiness.ts'
import { DEFAULT_LIMITS, type Limits } from './server/limits.ts'

export interface RuntimeOptions<Config extends CommonConfig> {
  identity: Identity
  /** Validated and frozen; never the environment itself. */
  settings: Config
  logger: Logger
  limits?: Partial<Limits>
  /** Port of the proxy's admin server. Default: Linkerd's. */
  proxyAdminPort?: number | undefined
  tracing?: Tracing | undefined
}

/** The objects that both servers of a process share. */
export interface ServiceRuntime<Config extends CommonConfig = CommonConfig> {
  identity: Identity
  settings: Config
  logger: Logger
  limits: Limits
  readiness: Readiness
  metrics: Metrics
  /** Requests by port. */
  requests: Record<'public' | 'admin', RequestCount>
  /** Undefined if the environment names no collector. */
  tracing: Tracing | undefined
  attempts: Attempts
  faults: FaultStore
  mesh: MeshProbe
  /** Host names by which the admin port may be called, besides localhost and IP literals. */
  hosts: readonly string[]
  startedAt: string
  /** Registers plugins on each server before its routes. */
  beforeRoutes?: (app: FastifyInstance) => void
}

/** Creates the objects that both servers of a process share. Safe to call many times in one process. */
export function createRuntime<Config extends CommonConfig>(options: RuntimeOptions<Config>): ServiceRuntime<Config> {
  const { identity, settings, logger, limits, proxyAdminPort, tracing } = options
  const requests = { public: new RequestCount(), admin: new RequestCount() }
  const faults = new FaultStore({
    enabled: settings.FAULT_INJECTION === 'enabled',
    service: identity.service,
    version: identity.version,
    seed: settings.FAULT_SEED,
    variable: settings.FAULT === undefined ? [] : parseFaults(settings.FAULT),
  })
  return {
    identity,
    settings,
    logger,
    limits: { ...DEFAULT_LIMITS, ...limits },
    readiness: new Readiness(),
    metrics: new Metrics(identity, requests.public, faults),
    requests,
    tracing,
    attempts: new Attempts(),
    faults,
    mesh: new MeshProbe(proxyAdminPort),
    hosts: [identity.pod, ...commaList(settings.ADMIN_HOSTS)],
    startedAt: new Date().toISOString(),
  }
}

/** Splits a comma-separated list and trims its parts; [] if it is undefined. */
export function commaList(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}
