import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import type { Behaviour } from './behaviour.ts'
import { bundled } from './bundles.ts'
import { Counters } from './counters.ts'
import { inboundProxy } from './inbound-proxy.ts'
import { outboundProxy, type Target } from './outbound-proxy.ts'
import type { Policies } from './policies.ts'

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
  behaviour: Behaviour
  policies: Policies
  isInjected: boolean
  isService: (name: string) => boolean
  targets: (service: string) => readonly Target[]
  secret: string
}

/** The manifests wait five seconds for endpoints to disappear; here they disappear at once. */
const LONGEST_DRAIN_MS = 1000
/** Longest time for a proxy to hand on the last answers of a service that has ended. */
const LAST_ANSWERS_MS = 5000

/** A pod: a real service process, and beside it, where it is injected, a stand-in proxy. */
export class StandInPod {
  readonly name: string
  readonly uid = randomUUID()
  readonly options: PodOptions
  ready = false
  terminating = false
  ended = false
  adminPort = 0
  appPort = 0
  proxyAdminPort = 0
  #process: ChildProcess | undefined
  #stopping: Promise<void> | undefined
  #inboundPort = 0
  readonly #servers: (Server | HttpServer)[] = []
  readonly #sockets = new Set<Socket>()
  environment: Record<string, string> = {}

  constructor(options: PodOptions) {
    this.options = options
    this.name = `${options.deployment}-${options.hash}-${randomBytes(3).toString('hex')}`
  }

  get service(): string {
    return this.options.template.spec.containers[0]?.name ?? ''
  }

  /** As callers reach it: through the proxy where there is one. */
  get target(): Target {
    const { isInjected } = this.options
    return { pod: this.name, port: isInjected ? this.#inboundPort : this.appPort, meshed: isInjected }
  }

  /** Starts proxies, then the service; resolves when it is ready, and rejects when it ends before. */
  async start(): Promise<void> {
    const { template, behaviour, policies, isInjected, namespace, secret, targets, isService } = this.options
    const counters = new Counters(() => behaviour.counts)
    const told = Object.fromEntries(
      (template.spec.containers[0]?.env ?? []).map(({ name, value }) => [name, value ?? '']),
    )
    const host = told['PROVIDER_HOST'] ?? ''
    const service = isService(host) ? host : undefined
    const skips = (template.metadata.annotations?.['config.linkerd.io/skip-outbound-ports'] ?? '') !== ''
    const { controlPlane, trustDomain } = behaviour
    const identity = `${template.spec.serviceAccountName}.${namespace}.serviceaccount.identity.${controlPlane}.${trustDomain}`
    const isProvider = this.service === 'provider'
    if (isInjected) {
      const port = isProvider ? 5000 : 6000
      const inbound = inboundProxy({ behaviour, policies, counters, port, appPort: () => this.appPort, secret })
      this.#inboundPort = await this.#listen(inbound)
      this.proxyAdminPort = await this.#listen(adminServer(counters, behaviour))
    } else {
      this.proxyAdminPort = await freePort()
    }
    const mtls = `${secret} ${identity}`
    const outbound =
      isInjected && !skips && behaviour.carries
        ? outboundProxy({ behaviour, policies, counters, service, targets, mtls })
        : this.#network(service)
    this.environment = {
      ...told,
      VERSION: template.metadata.labels['version'] ?? 'v1',
      PROVIDER_HOST: '127.0.0.1',
      ...(isProvider
        ? { PROVIDER_PORT: '0' }
        : { CONSUMER_PORT: '0', PROVIDER_PORT: String(await this.#listen(outbound)) }),
      DRAIN_DELAY_MS: String(Math.min(LONGEST_DRAIN_MS, Number(told['DRAIN_DELAY_MS'] ?? 0))),
      POD_NAME: this.name,
      PROXY_ADMIN_PORT: String(this.proxyAdminPort),
      ADMIN_PORT: '0',
      HOST: '127.0.0.1',
      ACCESS_LOG: 'off',
    }
    await this.#run()
  }

  /** What Kubernetes does to a pod it deletes: out of discovery at once, then the signal, then the end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop()
    return this.#stopping
  }

  async #stop(): Promise<void> {
    this.terminating = true
    const grace = this.options.template.spec.terminationGracePeriodSeconds ?? 30
    const child = this.#process
    if (this.options.behaviour.diesFirst && this.service === 'consumer') this.#closeProxies()
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit')
      child.kill(grace === 0 ? 'SIGKILL' : 'SIGTERM')
      const late = setTimeout(() => child.kill('SIGKILL'), Math.max(1, grace) * 1000)
      await exit
      clearTimeout(late)
    }
    // A proxy outlives its service, and hands on what that has answered last; one that is killed with it does not.
    if (grace > 0) await this.#drainProxies()
    this.#closeProxies()
    this.ended = true
  }

  async #drainProxies(): Promise<void> {
    const open = this.#servers.filter((server) => server.listening)
    const closed = Promise.all(open.map((server) => once(server, 'close')))
    for (const server of open) server.close()
    // A connection that becomes idle after the close would else stay for its whole keep-alive.
    const sweep = setInterval(() => {
      for (const server of open) if ('closeIdleConnections' in server) server.closeIdleConnections()
    }, 20)
    await Promise.race([closed, sleep(LAST_ANSWERS_MS, undefined, { ref: false })])
    clearInterval(sweep)
  }

  #closeProxies(): void {
    for (const server of this.#servers) {
      server.close()
      if ('closeAllConnections' in server) server.closeAllConnections()
    }
    for (const socket of this.#sockets) socket.destroy()
  }

  async #run(): Promise<void> {
    const { script, compileCache } = await bundled(this.service === 'consumer' ? 'consumer' : 'provider')
    // Deleted while its proxies started: there is nothing yet that could be signalled.
    if (this.terminating) throw new Error(`${this.name} was deleted before it began`)
    const { PATH = '', HOME = '' } = process.env
    const child = spawn(process.execPath, [script], {
      env: { PATH, HOME, NODE_COMPILE_CACHE: compileCache, ...this.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#process = child
    await new Promise<void>((resolve, reject) => {
      child.on('exit', (code) => {
        this.ready = false
        reject(new Error(`${this.name} ended with ${code} before it was ready`))
      })
      createInterface({ input: child.stdout }).on('line', (line) => {
        const entry = JSON.parse(line) as Record<string, unknown>
        if (entry['msg'] === 'listening') {
          this.appPort = Number(entry['server.port'])
          this.adminPort = Number(entry['admin.port'])
        }
        if (entry['msg'] !== 'ready') return
        this.ready = true
        resolve()
      })
    })
  }

  /** What a cluster does without a proxy: each connection goes to some pod of the Service, and stays there. */
  #network(service: string | undefined): Server {
    return createTcpServer((socket) => {
      const targets = service === undefined ? [] : this.options.targets(service)
      const target = targets[Math.floor(Math.random() * targets.length)]
      if (target === undefined) return void socket.destroy()
      const onward = connect(target.port, '127.0.0.1')
      for (const [one, other] of [
        [socket, onward],
        [onward, socket],
      ] as const) {
        this.#sockets.add(one)
        one.on('error', () => other.destroy())
        one.on('close', () => {
          this.#sockets.delete(one)
          other.destroy()
        })
        one.pipe(other)
      }
    })
  }

  async #listen(server: Server | HttpServer): Promise<number> {
    this.#servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  }
}

function adminServer(counters: Counters, behaviour: Behaviour): HttpServer {
  return createServer((request, response) => {
    if (request.url === '/ready') response.end('ready\n')
    else if (!behaviour.tellsMetrics) request.socket.destroy()
    else response.end(counters.text())
  })
}
