import { type InProcessService, startConsumer, startProvider } from '@linkerd-scenario/test-kit/in-process'
import { type ServiceProcess, spawnSlowProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'

/** How many requests of each kind are sent while Prometheus watches. */
export const TRAFFIC = { plain: 40, providerFails: 12, consumerFails: 7, delayed: 9, invalid: 5, held: 3 } as const
/** Duration of the delayed requests, ms: far from the others also on a busy machine, so that the percentiles are known. */
export const DELAY_MS = 1200
/** Long enough that three event-loop samples in a row are late. */
const BLOCKED_MS = 3000

const FAULTS = {
  providerFails: 'status;code=503;at=provider',
  consumerFails: 'status;code=500;at=consumer',
  delayed: `delay;ms=${DELAY_MS};at=provider`,
  held: 'delay;ms=60000;at=provider',
}

/** Armed, but never applied. The consumer's last fault is for another service, so it is not armed. */
const ARMED = {
  provider: 'truncate;bytes=1;rate=0;at=provider/v1',
  consumer: 'delay;ms=1;rate=0;at=consumer, delay;ms=2;rate=0;at=consumer, delay;ms=3;rate=0;at=provider',
}

/** Both services on real sockets, and calls in known numbers. */
export class KnownTraffic implements AsyncDisposable {
  readonly provider: InProcessService
  readonly consumer: InProcessService
  /** A provider whose event loop can be blocked, so that it sheds requests. */
  readonly busy: ServiceProcess
  readonly #ended = new AbortController()
  /** How often `busy` has answered 503. */
  shed = 0

  private constructor(provider: InProcessService, consumer: InProcessService, busy: ServiceProcess) {
    this.provider = provider
    this.consumer = consumer
    this.busy = busy
  }

  /** Starts the services and makes each kind of call once, so that every series exists. */
  static async start(): Promise<KnownTraffic> {
    const env = { FAULT_INJECTION: 'enabled' }
    const provider = await startProvider({ env: { ...env, FAULT: ARMED.provider } })
    const consumer = await startConsumer(provider.port, { env })
    const busy = await spawnSlowProvider()
    await fetch(`${consumer.adminUrl}/faults`, { method: 'PUT', body: ARMED.consumer })
    const traffic = new KnownTraffic(provider, consumer, busy)
    await traffic.#send(1, 1, 1, 1, 1)
    await traffic.overload(1)
    return traffic
  }

  /** Sends the requests in TRAFFIC; the held requests stay open. */
  async run(): Promise<void> {
    await this.#send(TRAFFIC.plain, TRAFFIC.providerFails, TRAFFIC.consumerFails, TRAFFIC.delayed, TRAFFIC.invalid)
    for (let n = 0; n < TRAFFIC.held; n += 1) void this.#call(FAULTS.held).catch(() => {})
    const active = () => this.provider.runtime.requests.public.active
    await until(active, (count) => count === TRAFFIC.held)
  }

  /** Blocks the event loop of the busy provider and calls it until it has shed `times` more requests. */
  async overload(times: number): Promise<void> {
    await (await fetch(`${this.busy.adminUrl}/block?ms=${BLOCKED_MS}`)).text()
    const wanted = this.shed + times
    const call = async () => {
      const response = await fetch(this.busy.url)
      await response.text()
      if (response.status === 503) this.shed += 1
      return this.shed
    }
    await until(call, (shed) => shed >= wanted, { withinMs: 20_000 })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended.abort()
    await this.busy[Symbol.asyncDispose]()
    await this.consumer.close()
    await this.provider.close()
  }

  async #send(plain: number, providerFails: number, consumerFails: number, delayed: number, invalid: number) {
    for (let n = 0; n < plain; n += 1) await this.#call()
    for (let n = 0; n < providerFails; n += 1) await this.#call(FAULTS.providerFails)
    for (let n = 0; n < consumerFails; n += 1) await this.#call(FAULTS.consumerFails)
    await Promise.all(Array.from({ length: delayed }, () => this.#call(FAULTS.delayed)))
    for (let n = 0; n < invalid; n += 1) await this.#call('no such fault')
  }

  async #call(fault?: string): Promise<void> {
    const headers: Record<string, string> = fault === undefined ? {} : { 'x-fault': fault }
    const response = await fetch(`${this.consumer.url}/?in=hello`, { headers, signal: this.#ended.signal })
    await response.text()
  }
}
