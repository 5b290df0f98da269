import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'

/** One line of a metrics page. */
interface Sample {
  name: string
  labels: Readonly<Record<string, string>>
  value: number
}

const LINE = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/i
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"/gi

/**
 * A recorded metrics page, served over HTTP. After `step()` every counter has grown by its recorded value, so the
 * recorded values are also the increases that Prometheus must find.
 */
export class RecordedPage implements AsyncDisposable {
  #text: string
  readonly #samples: readonly Sample[]
  readonly #server = createServer((_request, response) => response.end(this.#text))

  constructor(...files: string[]) {
    this.#text = files.map((file) => readFileSync(join(import.meta.dirname, 'recorded', file), 'utf8')).join('')
    this.#samples = this.#text.split('\n').flatMap(sampleOf)
  }

  /** Serves the page on a port of 127.0.0.1. */
  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    return (this.#server.address() as AddressInfo).port
  }

  /** Increases every counter by its recorded value, once. */
  step(): void {
    this.#text = this.#text
      .split('\n')
      .map((line) => {
        const [sample] = sampleOf(line)
        if (sample === undefined || !/_(total|count|sum|bucket)$/.test(sample.name)) return line
        return line.replace(/\S+$/, String(sample.value * 2))
      })
      .join('\n')
  }

  /** Sum of the recorded values of a family with the given labels; a RegExp must match the whole value. */
  sum(name: string, where: Readonly<Record<string, string | RegExp>> = {}): number {
    return this.#samples
      .filter((sample) => sample.name === name && hasLabels(sample, where))
      .reduce((total, { value }) => total + value, 0)
  }

  /** The buckets of a histogram by upper bound, summed over the series with these labels. */
  buckets(name: string, where: Readonly<Record<string, string | RegExp>>): Map<number, number> {
    const buckets = new Map<number, number>()
    for (const sample of this.#samples) {
      if (sample.name !== `${name}_bucket` || !hasLabels(sample, where)) continue
      const bound = sample.labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(sample.labels['le'])
      buckets.set(bound, (buckets.get(bound) ?? 0) + sample.value)
    }
    return buckets
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

function sampleOf(line: string): Sample[] {
  const [, name, labels = '', value] = LINE.exec(line) ?? []
  if (name === undefined) return []
  const pairs = [...labels.matchAll(LABEL)].map(([, key = '', text = '']) => [key, text] as const)
  return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }]
}

function hasLabels({ labels }: Sample, where: Readonly<Record<string, string | RegExp>>): boolean {
  return Object.entries(where).every(([name, wanted]) => {
    const value = labels[name] ?? ''
    return typeof wanted === 'string' ? value === wanted : new RegExp(`^(?:${wanted.source})$`).test(value)
  })
}
