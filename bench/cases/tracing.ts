import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Case, CaseReport, Effort, Row } from '../harness/case.ts'
import { type Calls, pairedRow, type Served, serve } from '../harness/pairs.ts'
import { type Side, startSide } from '../harness/side.ts'
import { median } from '../harness/statistics.ts'
import { getConsumer, getProvider } from './calls.ts'
import { shippedProvider, shippedTwoHops } from './sides.ts'

const MIB = 2 ** 20
const WARM_UP_SECONDS = 2
const WITHOUT = 'without'
const WITHOUT_BUT_HEADER = 'without, with a traceparent'
const UNSAMPLED = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00'

/** A tracing configuration, or none, and the headers of its calls. */
interface Variant {
  name: string
  env: Record<string, string>
  headers?: Record<string, string>
  /** Name of the variant that this one is compared with. */
  comparedWith?: string
}

interface Figures extends Served {
  /** Of the process that is called. */
  firstAnswerMs: number
  residentMib: number
}

const COLUMNS = [
  ['CPU time a request', 'µs', 'cpuUs'],
  ['first answer', 'ms', 'firstAnswerMs'],
  ['resident after load', 'MiB', 'residentMib'],
] as const

/** The cost of tracing: each variant compared with the same services without it. */
export const tracingCases: readonly Case[] = [
  {
    name: 'provider-tracing',
    title: 'what traces cost the provider, beside the same without them',
    run: (effort) => compare(shippedProvider, getProvider, effort),
  },
  {
    name: 'consumer-tracing',
    title: 'what traces cost two hops, beside the same without them',
    run: (effort) => compare(shippedTwoHops, getConsumer, effort),
  },
]

/** Calls with a header are compared with the same calls without tracing: reading and logging it is not tracing. */
function variantsFor(endpoint: string): readonly Variant[] {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }
  const headers = { traceparent: UNSAMPLED }
  const share = (ratio: string): Variant => ({
    name: `sampled ${ratio}`,
    env: { ...env, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: ratio },
    comparedWith: WITHOUT,
  })
  return [
    { name: WITHOUT, env: {} },
    { name: WITHOUT_BUT_HEADER, env: {}, headers, comparedWith: WITHOUT },
    { name: 'disabled', env: { ...env, OTEL_SDK_DISABLED: 'true' }, comparedWith: WITHOUT },
    { name: 'parent not sampled', env, headers, comparedWith: WITHOUT_BUT_HEADER },
    share('0'),
    share('0.1'),
    share('1'),
  ]
}

async function compare(side: Side, calls: Calls, effort: Effort): Promise<CaseReport> {
  await using collector = await startCollector()
  const variants = variantsFor(collector.endpoint)
  const rounds = await inRounds(effort.pairs, variants, (variant) => measure(side, calls, variant, effort))
  const figuresOf = (wanted: string | undefined) => {
    const index = variants.findIndex(({ name }) => name === wanted)
    return rounds.flatMap((round) => round[index] ?? [])
  }
  const rows = variants.flatMap(({ name, comparedWith }) => rowsOf(name, figuresOf(name), figuresOf(comparedWith)))
  return { rows, wrong: rounds.flat().reduce((sum, { wrong, shed }) => sum + wrong + shed, 0) }
}

/** Starts the processes anew each time: otherwise what one process happens to compile to stays in all of its figures. */
async function measure(side: Side, calls: Calls, { env, headers = {} }: Variant, effort: Effort): Promise<Figures> {
  const running = await startSide(withEnv(side, env))
  try {
    const load = { ...calls, headers }
    await serve(running, load, { ...effort, seconds: WARM_UP_SECONDS })
    const served = await serve(running, load, effort)
    return {
      ...served,
      firstAnswerMs: running.processes.at(-1)?.firstAnswerMs ?? 0,
      residentMib: (await running.residentBytes()) / MIB,
    }
  } finally {
    await running.stop()
  }
}

/**
 * Measures all variants in turn, `rounds` times, so that all run under the same conditions. Each round begins with
 * another variant: otherwise the same one would always run while its neighbour still exports.
 */
async function inRounds<Measured>(
  rounds: number,
  variants: readonly Variant[],
  measured: (variant: Variant) => Promise<Measured>,
): Promise<Measured[][]> {
  const all: Measured[][] = []
  for (let round = 0; round < rounds; round += 1) {
    const values: Measured[] = []
    for (let turn = 0; turn < variants.length; turn += 1) {
      const index = (round + turn) % variants.length
      values[index] = await measured(variants[index] as Variant)
    }
    all.push(values)
  }
  return all
}

/** A variant's figures, compared with those of another one in the same rounds, if there are any. */
function rowsOf(name: string, own: readonly Figures[], baseline: readonly Figures[]): Row[] {
  return COLUMNS.map(([what, unit, figure]) => {
    const title = `${name}: ${what}`
    if (baseline.length === 0) return { what: title, unit, subject: median(own.map((figures) => figures[figure])) }
    const pairs = own.map((figures, round) => [figures[figure], baseline[round]?.[figure] ?? 0] as const)
    return pairedRow(title, unit, pairs)
  })
}

function withEnv(side: Side, env: Record<string, string>): Side {
  return {
    name: side.name,
    async plan() {
      const plan = await side.plan()
      return { ...plan, processes: plan.processes.map((process) => ({ ...process, env: { ...process.env, ...env } })) }
    },
  }
}

/** Accepts every export and stores nothing. */
async function startCollector(): Promise<AsyncDisposable & { endpoint: string }> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
