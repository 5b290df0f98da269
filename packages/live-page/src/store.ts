import type { LiveState, TrafficSettings } from '@linkerd-scenario/contract'
import { type Answer, resetCounts, setTraffic } from './api.ts'
import { applyBatch, applyState, emptyModel, type Model } from './model/model.ts'
import { readStream } from './stream.ts'

/** Often enough to look live, and seldom enough to spare the CPU. */
const RENDER_MS = 125

/** Holds the model, and reports changes at most eight times a second, only while the page is visible. */
export class Store {
  model: Model
  readonly #listeners = new Set<() => void>()
  #timer: number | undefined
  #lastTurn: Promise<unknown> = Promise.resolve()

  constructor(cells: number) {
    this.model = emptyModel(cells)
    document.addEventListener('visibilitychange', () => this.#tellSoon())
  }

  connect(): void {
    readStream({
      onState: (state) => this.#takeState(state),
      onBatch: (batch) => this.#set(applyBatch(this.model, batch)),
      onDraining: () => this.#set({ ...this.model, connection: 'draining' }),
      onLost: () => this.#set({ ...this.model, connection: 'lost' }),
    })
  }

  /** Changes some settings and leaves the others as they are; undefined before there are any. */
  change(patch: Partial<TrafficSettings>): Promise<Answer | undefined> {
    return this.#inTurn(() => {
      const settings = this.model.state?.settings
      return settings && setTraffic({ ...settings, ...patch })
    })
  }

  reset(): Promise<Answer | undefined> {
    return this.#inTurn(resetCounts)
  }

  /** One request at a time: each change builds on the result of the previous one. */
  #inTurn(ask: () => Promise<Answer> | undefined): Promise<Answer | undefined> {
    const turn = this.#lastTurn.then(async () => {
      const answer = await ask()
      if (answer !== undefined && 'state' in answer) this.#takeState(answer.state)
      return answer
    })
    this.#lastTurn = turn
    return turn
  }

  #takeState(state: LiveState): void {
    this.#set(applyState(this.model, state))
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #set(model: Model): void {
    this.model = model
    this.#tellSoon()
  }

  #tellSoon(): void {
    if (document.hidden || this.#timer !== undefined) return
    this.#timer = window.setTimeout(() => {
      this.#timer = undefined
      for (const listener of this.#listeners) listener()
    }, RENDER_MS)
  }
}
