import { createLogUpdate } from 'log-update'
import type { Feature } from '../feature.ts'
import type { LaneWatcher } from '../run-context.ts'
import { NewWarnings } from './new-warnings.ts'
import { endLine, type Progress } from './progress.ts'
import { RunState } from './run-state.ts'

const EVERY_MS = 250
/** Columns of a terminal that does not report its width. */
const COLUMNS = 80

/** Progress on a terminal: a line for each lane, written again and again below the lines that stay. */
export class LiveProgress implements Progress {
  readonly #stream: NodeJS.WriteStream
  readonly #now: () => number
  readonly #live: ReturnType<typeof createLogUpdate>
  readonly #warnings = new NewWarnings()
  #state: RunState | undefined
  #saying = ''
  #timer: NodeJS.Timeout | undefined

  constructor(stream: NodeJS.WriteStream, now = () => performance.now()) {
    this.#stream = stream
    this.#now = now
    // The cursor stays visible: a run that is killed could not show it again.
    this.#live = createLogUpdate(stream, { showCursor: true })
  }

  readonly says = (text: string): void => {
    this.#saying = text
    this.#timer ??= setInterval(() => this.#draw(), EVERY_MS)
    this.#draw()
  }

  readonly tells = (line: string): void => this.notes(line)

  readonly notes = (line: string): void => {
    this.#live.clear()
    this.#stream.write(`${line}\n`)
    if (this.#timer !== undefined) this.#draw()
  }

  plans(features: readonly Feature[]): void {
    this.#state = new RunState(features, this.#now())
  }

  lane(name: string, waitsFor: () => string | undefined): LaneWatcher {
    this.#state?.opens(name, waitsFor, this.#now())
    this.says('')
    return {
      starts: (features) => this.#state?.starts(name, features, this.#now()),
      phase: (phase) => this.#state?.phase(name, phase),
      ends: (result) => {
        this.#state?.ends(name, this.#now())
        this.notes(endLine(result))
      },
      announces: (_line, warning) => this.#announces(warning),
    }
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#live.clear()
    this.#state = undefined
    this.#saying = ''
  }

  /** What is waited for stands in the lane's line; only what the cluster warns of is new. */
  #announces(warning: string | undefined): void {
    const sentence = this.#warnings.sentence(warning)
    if (sentence !== undefined) this.notes(sentence)
  }

  #draw(): void {
    const lines = this.#state?.lines(this.#now(), this.#stream.columns ?? COLUMNS) ?? []
    this.#live([...lines, this.#saying].filter((line) => line !== '').join('\n'))
  }
}
