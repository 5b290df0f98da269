import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type Server as HttpServer } from 'node:http'
import type { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import type { Behaviour } from './behaviour.ts'
import type { Delays } from './delays.ts'
import { PodProcess } from './pod-process.ts'
import { PodServers } from './pod-servers.ts'
import { type InboundOptions, inboundProxy } from './proxy/inbound.ts'
import { acceptOpaque, withOpaquePorts } from './proxy/opaque.ts'
import { outboundProxy } from './proxy/outbound.ts'
import { plainNetwork } from './proxy/plain-network.ts'
import type { Policies } from './proxy/policies/policies.ts'
import { ProxyMetrics } from './proxy/proxy-metrics.ts'
import type { Target } from './proxy/service-calls.ts'

/** The parts of a pod template that the stand-in acts on. */
export interface Template {
  metadata: { labels: Record<string, string>; annotations?: Record<string, string> }
  spec: {
    serviceAccountName: string
    terminationGracePeriodSeconds?: number
    containers: { name: string; image: string; env?: { name: string; value?: string }[] }[]
  }
}

export interface PodOptions {
  deployment: string
  hash: string
  template: Template
  namespace: string
  ip: string
  behaviour: Behaviour
  delays: Delays
  policies: Policies
  isInjected: boolean
  isService: (name: string) => boolean
  targets: (service: string) => readonly Target[]
  secret: string
}

/** The manifests wait five seconds for endpoints to disappear. Here they disappear at once, so less is enough. */
const LONGEST_DRAIN_MS = 1000

/** A pod: a real service process and, if it is injected, a stand-in proxy. */
export class StandInPod {
  readonly name: string
  readonly uid = randomUUID()
  readonly options: PodOptions
  terminating = false
  ended = false
  adminPort = 0
  appPort = 0
  proxyAdminPort = 0
  environment: Record<string, string> = {}
  /** When it became ready and when it stopped being ready, by `performance.now()`; undefined until then. */
  readySince: number | undefined
  unreadySince: number | undefined
  readonly #servers = new PodServers()
  readonly #process: PodProcess
  readonly #metrics: ProxyMetrics
  #stopping: Promise<void> | undefined
  #inboundPort = 0

  constructor(options: PodOptions) {
    this.options = options
    this.name = `${options.deployment}-${options.hash}-${randomBytes(3).toString('hex')}`
    this.#process = new PodProcess(this.name)
    this.#metrics = new ProxyMetrics(() => options.behaviour.counts)
  }

  get ready(): boolean {
    return this.readySince !== undefined && this.unreadySince === undefined
  }

  /** The lines that its service has written. */
  get log(): readonly string[] {
    return this.#process.log
  }

  get service(): 'consumer' | 'provider' {
    return this.options.template.spec.containers[0]?.name === 'consumer' ? 'consumer' : 'provider'
  }

  get account(): string {
    return this.options.template.spec.serviceAccountName
  }

  /** The address for callers: the proxy's if there is one. */
  get target(): Target {
    const { isInjected, ip, deployment, hash } = this.options
    return {
      pod: this.name,
      ip,
      deployment,
      hash,
      account: this.account,
      port: isInjected ? this.#inboundPort : this.appPort,
      meshed: isInjected,
      connect: (account) => (isInjected ? acceptOpaque(this.#inbound, account) : this.appPort),
    }
  }

  /** Starts the proxies, then the service. Resolves when it is ready, and rejects if it ends before. */
  async start(): Promise<void> {
    try {
      await this.#start()
    } catch (error) {
      // Its proxies may have begun to listen after the pod was told to end.
      this.#servers.close()
      throw error
    }
  }

  async #start(): Promise<void> {
    const { behaviour, isInjected, delays } = this.options
    if (delays.podStartMs > 0) await sleep(delays.podStartMs)
    if (this.terminating) throw new Error(`${this.name} was deleted before it began`)
    if (isInjected) {
      this.#inboundPort = await this.#servers.listen(inboundProxy(this.#inbound))
      this.proxyAdminPort = await this.#servers.listen(adminServer(this.#metrics, behaviour))
    } else {
      this.proxyAdminPort = await freePort()
    }
    this.environment = await this.#environment()
    const { appPort, adminPort } = await this.#process.start(this.service, this.environment, {
      mayStart: () => !this.terminating,
      onEnd: () => this.#isUnready(),
    })
    Object.assign(this, { appPort, adminPort, readySince: performance.now() })
  }

  /** Deletes the pod as Kubernetes does: out of discovery, then the signal, then the end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.terminating = true
    this.#isUnready()
    const graceS = this.options.template.spec.terminationGracePeriodSeconds ?? 30
    // Without a grace period the API server forgets the pod at once; its processes end a moment later.
    if (graceS === 0) this.ended = true
    if (this.options.behaviour.diesFirst && this.service === 'consumer') this.#servers.close()
    const { lastCallsMs } = this.options.behaviour
    const cut = Number.isFinite(lastCallsMs) ? setTimeout(() => this.#servers.close(), lastCallsMs) : undefined
    await this.#process.stop(graceS)
    clearTimeout(cut)
    // A proxy outlives its service and forwards its last answers, unless it is killed together with it.
    if (graceS > 0) await this.#servers.drain()
    this.#servers.close()
    this.ended = true
  }

  #isUnready(): void {
    this.unreadySince ??= performance.now()
  }

  async #environment(): Promise<Record<string, string>> {
    const { template, delays } = this.options
    const given = this.#given()
    const own =
      this.service === 'provider'
        ? { PROVIDER_PORT: '0' }
        : { CONSUMER_PORT: '0', PROVIDER_PORT: String(await this.#servers.listen(this.#outbound(given))) }
    const longest = delays.endpointsMs === 0 ? LONGEST_DRAIN_MS : Number.POSITIVE_INFINITY
    return {
      ...given,
      VERSION: template.metadata.labels['version'] ?? 'v1',
      PROVIDER_HOST: '127.0.0.1',
      ...own,
      DRAIN_DELAY_MS: String(Math.min(longest, Number(given['DRAIN_DELAY_MS'] ?? 0))),
      STAND_IN_POD_NAME: this.name,
      STAND_IN_HELD_UP: this.options.behaviour.holdsUpEnding ? '1' : '',
      STAND_IN_PROVIDER: `${given['PROVIDER_HOST'] ?? ''}:${given['PROVIDER_PORT'] ?? 5000}`,
      STAND_IN_PROXY_ADMIN_PORT: String(this.proxyAdminPort),
      ADMIN_PORT: '0',
      HOST: '127.0.0.1',
      ACCESS_LOG: 'off',
    }
  }

  /** The environment variables of the pod's container. */
  #given(): Record<string, string> {
    const { env = [] } = this.options.template.spec.containers[0] ?? {}
    return Object.fromEntries(env.map(({ name, value }) => [name, value ?? '']))
  }

  /** The first hop of a call from the pod: its own proxy, or the network if it has none or bypasses it. */
  #outbound(given: Record<string, string>): Server {
    const { behaviour, policies, template, targets, secret, namespace, isInjected, isService } = this.options
    const { controlPlane, clusterDomain } = behaviour
    const host = given['PROVIDER_HOST'] ?? ''
    const service = isService(host) ? { name: host, port: Number(given['PROVIDER_PORT'] ?? 5000) } : undefined
    const skips = (template.metadata.annotations?.['config.linkerd.io/skip-outbound-ports'] ?? '') !== ''
    if (!isInjected || skips || !behaviour.carries)
      return plainNetwork(() => (service === undefined ? [] : targets(service.name).map(({ port }) => port)))
    const identityOf = (account: string) => this.#identityOf(account)
    const { account } = this
    const options = {
      policies,
      metrics: this.#metrics,
      surroundings: { namespace, controlPlane, clusterDomain, identityOf },
      service,
      targets,
      account,
      mtls: `${secret} ${identityOf(account)}`,
    }
    return withOpaquePorts(outboundProxy(options), options)
  }

  get #inbound(): InboundOptions {
    const { policies, template, ip, secret } = this.options
    return {
      policies,
      metrics: this.#metrics,
      workload: { labels: template.metadata.labels, port: this.service === 'provider' ? 5000 : 6000 },
      ip,
      appPort: () => this.appPort,
      identityOf: (account) => this.#identityOf(account),
      secret,
    }
  }

  #identityOf(account: string): string {
    const { namespace, behaviour } = this.options
    return `${account}.${namespace}.serviceaccount.identity.${behaviour.controlPlane}.${behaviour.trustDomain}`
  }
}

function adminServer(metrics: ProxyMetrics, behaviour: Behaviour): HttpServer {
  return createServer((request, response) => {
    if (request.url === '/ready') response.end('ready\n')
    else if (!behaviour.tellsMetrics) request.socket.destroy()
    else response.end(metrics.text())
  })
}
