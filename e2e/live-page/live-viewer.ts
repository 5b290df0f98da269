import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import {
  LIVE_EVENTS,
  LIVE_PATHS,
  type LiveBatch,
  LiveBatchSchema,
  type LiveState,
  LiveStateSchema,
  type TrafficSettings,
} from '@linkerd-scenario/contract'
import { until } from '@linkerd-scenario/test-kit/until'
import { Value } from 'typebox/value'

/** Reads a consumer's events as a browser does, and checks each against the contract. */
export class LiveViewer implements AsyncDisposable {
  readonly states: LiveState[] = []
  readonly batches: LiveBatch[] = []
  readonly ends: unknown[] = []
  /** Resolves when the stream has ended: true if the consumer ended it, false if the connection broke. */
  readonly closed: Promise<boolean>
  readonly #keep: number
  readonly #request: ClientRequest
  #response: IncomingMessage | undefined
  #text = ''

  /** `keep`: how many of the latest batches to remember. */
  constructor(adminUrl: string, { keep = Number.POSITIVE_INFINITY } = {}) {
    this.#keep = keep
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.closed = promise
    this.#request = request(`${adminUrl}${LIVE_PATHS.stream}`, (response) => {
      this.#response = response
      response.setEncoding('utf8').on('data', (text: string) => this.#read(text))
      response.on('close', () => resolve(response.complete)).on('error', () => resolve(false))
    })
    this.#request.on('error', () => resolve(false)).end()
  }

  get state(): LiveState | undefined {
    return this.states.at(-1)
  }

  get batch(): LiveBatch | undefined {
    return this.batches.at(-1)
  }

  /** Waits until the events so far contain what is asked for. */
  async sees(holds: (viewer: LiveViewer) => unknown, withinMs = 20_000): Promise<this> {
    await until(
      () => ({ isSeen: Boolean(holds(this)), state: this.state, totals: this.batch?.totals }),
      ({ isSeen }) => isSeen,
      { withinMs },
    )
    return this
  }

  /** Stops reading, like a page on a suspended machine. */
  sleep(): void {
    this.#response?.pause()
  }

  wake(): void {
    this.#response?.resume()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#request.destroy()
    this.#response?.destroy()
    await this.closed
  }

  #read(text: string): void {
    const events = (this.#text + text).split('\n\n')
    this.#text = events.pop() ?? ''
    for (const event of events) this.#take(event)
  }

  #take(event: string): void {
    const [, name, data = ''] = /^event: (\w+)\ndata: ([^\n]*)$/.exec(event) ?? []
    if (name === undefined) {
      if (!event.startsWith('retry: ')) throw new Error(`Not an event: ${event}`)
      return
    }
    const value: unknown = JSON.parse(data)
    if (name === LIVE_EVENTS.state) this.states.push(Value.Parse(LiveStateSchema, value))
    else if (name === LIVE_EVENTS.batch) {
      this.batches.push(Value.Parse(LiveBatchSchema, value))
      if (this.batches.length > this.#keep) this.batches.shift()
    } else this.ends.push(value)
  }
}

/** Opens a stream and waits for its first state event. */
export function watch(adminUrl: string, options?: { keep?: number }): Promise<LiveViewer> {
  return new LiveViewer(adminUrl, options).sees(({ state }) => state !== undefined)
}

/** Sets the traffic; all other settings get their defaults. */
export async function setTraffic(adminUrl: string, settings: Partial<TrafficSettings>): Promise<LiveState> {
  const answer = await fetch(`${adminUrl}${LIVE_PATHS.traffic}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return (await answer.json()) as LiveState
}
