import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import { until } from '@linkerd-scenario/test-kit/until'

/** One series in the answer of an instant query. */
export interface Series {
  labels: Readonly<Record<string, string>>
  value: number
}

/** A scrape target, and the labels that the scrape adds to all of its series. */
export interface Target {
  port: number
  labels: Readonly<Record<string, string>>
}

/** Also the time after which a scrape is given up: Prometheus allows no longer one. */
const SCRAPE_INTERVAL_MS = 250

/** Throws if Prometheus is missing, and explains how to get it. */
export function demandPrometheus(): void {
  for (const program of ['prometheus', 'promtool']) {
    if (spawnSync(program, ['--version']).status === 0) continue
    throw new Error(
      `${program} is not on the PATH. Debian and Ubuntu: apt-get install prometheus; macOS: brew install prometheus`,
    )
  }
}

/** Runs promtool; returns its whole output and its exit code. */
export function promtool(args: readonly string[], input?: string): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8', ...(input && { input }) })
  return { code: status, output: `${stdout}${stderr}` }
}

/** A real Prometheus that scrapes the given targets, with its data in a temporary folder. */
export class Prometheus implements AsyncDisposable {
  readonly #url: string
  readonly #folder: string
  readonly #process: ChildProcess
  readonly #targets: number

  private constructor(url: string, folder: string, child: ChildProcess, targets: number) {
    this.#url = url
    this.#folder = folder
    this.#process = child
    this.#targets = targets
  }

  /** `rules`: a rule file, evaluated as often as the targets are scraped. */
  static async start(targets: readonly Target[], rules?: string): Promise<Prometheus> {
    demandPrometheus()
    const folder = mkdtempSync(join(tmpdir(), 'prometheus-'))
    const port = await freePort()
    const config = join(folder, 'prometheus.yml')
    // JSON is valid YAML.
    writeFileSync(config, JSON.stringify(configuration(targets, rules)))
    const args = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ]
    const child = spawn('prometheus', args, { stdio: ['ignore', 'ignore', 'inherit'] })
    const prometheus = new Prometheus(`http://127.0.0.1:${port}`, folder, child, targets.length)
    await until(() => prometheus.#isReady(), Boolean, { withinMs: 60_000, everyMs: 50 })
    return prometheus
  }

  /** Waits until each target has been scraped `times` more. */
  async scraped(times: number): Promise<void> {
    const scrapes = async () => {
      const series = await this.query('sum_over_time(up[5m])')
      return series.length === this.#targets ? Math.min(...series.map(({ value }) => value)) : 0
    }
    const before = await scrapes()
    await until(scrapes, (now) => now >= before + times, { withinMs: 60_000, everyMs: 100 })
  }

  /**
   * A time, in seconds, at which every target has values. A target whose last scrape took too long, as on a busy machine,
   * has none until the next. Each scrape that began before this time has ended.
   */
  async moment(): Promise<number> {
    const moments = async () => {
      const at = (Date.now() - 2 * SCRAPE_INTERVAL_MS) / 1000
      const up = await this.query('up == 1', at)
      return up.length === this.#targets ? at : undefined
    }
    return (await until(moments, (at) => at !== undefined, { withinMs: 60_000, everyMs: 100 })) as number
  }

  /**
   * The answer to an instant query, at a time in seconds. Throws with Prometheus' error message if the query is wrong.
   */
  async query(expr: string, atSeconds = Date.now() / 1000): Promise<Series[]> {
    const parameters = new URLSearchParams({ query: expr, time: String(atSeconds) })
    const response = await fetch(`${this.#url}/api/v1/query`, { method: 'POST', body: parameters })
    const body = (await response.json()) as Answer
    if (body.status !== 'success') throw new Error(`${body.error}: ${expr}`)
    return body.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
  }

  /** The answer to a range query, times in seconds. */
  async queryRange(
    expr: string,
    from: number,
    to: number,
    step: number,
  ): Promise<{ labels: Series['labels']; points: [number, number][] }[]> {
    const parameters = new URLSearchParams({ query: expr, start: String(from), end: String(to), step: String(step) })
    const response = await fetch(`${this.#url}/api/v1/query_range`, { method: 'POST', body: parameters })
    const body = (await response.json()) as RangeAnswer
    if (body.status !== 'success') throw new Error(`${body.error}: ${expr}`)
    return body.data.result.map(({ metric, values }) => ({
      labels: metric,
      points: values.map(([time, value]) => [time, Number(value)]),
    }))
  }

  /** The values of a label among the series that match. */
  async labelValues(label: string, match: string): Promise<string[]> {
    const parameters = new URLSearchParams({ 'match[]': match })
    const response = await fetch(`${this.#url}/api/v1/label/${label}/values?${parameters}`)
    return ((await response.json()) as { data: string[] }).data
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.kill('SIGKILL')) await once(this.#process, 'exit')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #isReady(): Promise<boolean> {
    if (this.#process.exitCode !== null) throw new Error('Prometheus ended at its start')
    const response = await fetch(`${this.#url}/-/ready`).catch(() => undefined)
    return response?.ok === true
  }
}

type Answer =
  | { status: 'success'; data: { result: { metric: Record<string, string>; value: [number, string] }[] } }
  | { status: 'error'; error: string }

type RangeAnswer =
  | { status: 'success'; data: { result: { metric: Record<string, string>; values: [number, string][] }[] } }
  | { status: 'error'; error: string }

function configuration(targets: readonly Target[], rules: string | undefined): unknown {
  const interval = `${SCRAPE_INTERVAL_MS}ms`
  return {
    global: {
      scrape_interval: interval,
      scrape_timeout: interval,
      evaluation_interval: interval,
    },
    rule_files: rules === undefined ? [] : [rules],
    scrape_configs: [
      {
        job_name: 'test',
        static_configs: targets.map(({ port, labels }) => ({ targets: [`127.0.0.1:${port}`], labels })),
      },
    ],
  }
}
