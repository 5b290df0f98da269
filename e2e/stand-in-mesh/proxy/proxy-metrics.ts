import type { Labels } from './labels.ts'

/** The metrics of one proxy, in Prometheus' text form. */
export class ProxyMetrics {
  readonly #values = new Map<string, number>()
  readonly #factor: () => number

  /** `factor` falsifies every count. */
  constructor(factor: () => number) {
    this.#factor = factor
  }

  add(name: string, labels: Labels, value = 1): void {
    const key = lineOf(name, labels)
    this.#values.set(key, (this.#values.get(key) ?? 0) + value * this.#factor())
  }

  set(name: string, labels: Labels, value: number): void {
    this.#values.set(lineOf(name, labels), value * this.#factor())
  }

  text(): string {
    const lines = [...this.#values].map(([line, value]) => `${line} ${value}`)
    return `# TYPE proxy_build_info gauge\n${BUILD_INFO} 1\n${lines.join('\n')}\n# EOF\n`
  }
}

function lineOf(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
  return `${name}{${pairs.join(',')}}`
}

const BUILD_INFO = lineOf('proxy_build_info', {
  date: '2026-01-01T00:00:00Z',
  git_sha: '000000000',
  profile: 'release',
  vendor: '',
  version: 'stand-in',
})
