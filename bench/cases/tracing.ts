import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Case, CaseReport, Effort, Row } from '../harness/case.ts'
import { type Calls, pairedRow, serve } from '../harness/pairs.ts'
import { type RunningSide, type Side, startSide } from '../harness/side.ts'
import { median } from '../harness/statistics.ts'
import { getConsumer, getProvider } from './calls.ts'
import { shippedProvider, shippedTwoHops } from './sides.ts'

const MIB = 2 ** 20
const WARM_UP_SECONDS = 3
const UNSAMPLED = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00'

/** A tracing configuration, or none. */
interface Variant {
  name: string
  env: Record<string, string>
  headers?: Record<string, string>
}

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

/** The others are compared with the first. */
function variantsFor(endpoint: string): readonly [Variant, ...Variant[]] {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint }
  const share = (ratio: string): Variant => ({
    name: `sampled ${ratio}`,
    env: { ...env, OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: ratio },
  })
  return [
    { name: 'without', env: {} },
    { name: 'disabled', env: { ...env, OTEL_SDK_DISABLED: 'true' } },
    { name: 'parent not sampled', env, headers: { traceparent: UNSAMPLED } },
    share('0'),
    share('0.1'),
    share('1'),
  ]
}

async function compare(side: Side, calls: Calls, effort: Effort): Promise<CaseReport> {
  await using collector = await startCollector()
  const variants = variantsFor(collector.endpoint)
  const starts = await inRounds(effort.pairs, variants, async ({ env }) => {
    const started = await startSide(withEnv(side, env))
    await started.stop()
    return started.processes.at(-1)?.firstAnswerMs ?? 0
  })
  await using stack = new AsyncDisposableStack()
  const sides = new Map<Variant, RunningSide>()
  for (const variant of variants) {
    const started = await startSide(withEnv(side, variant.env))
    stack.defer(() => started.stop())
    sides.set(variant, started)
  }
  const measure = async (variant: Variant, seconds: number) => {
    const running = sides.get(variant) as RunningSide
    const headers = variant.headers === undefined ? {} : { headers: variant.headers }
    const served = await serve(running, { ...calls, ...headers }, { ...effort, seconds })
    return { ...served, residentMib: (await running.residentBytes()) / MIB }
  }
  for (const variant of variants) await measure(variant, WARM_UP_SECONDS)
  const served = await inRounds(effort.pairs, variants, (variant) => measure(variant, effort.seconds))
  const cpu = served.map((round) => round.map(({ cpuUs }) => cpuUs))
  const memory = served.map((round) => round.map(({ residentMib }) => residentMib))
  const rows: Row[] = variants.flatMap(({ name }, index) => [
    against(`${name}: CPU time a request`, 'µs', cpu, index),
    against(`${name}: first answer`, 'ms', starts, index),
    against(`${name}: resident after load`, 'MiB', memory, index),
  ])
  return { rows, wrong: served.flat().reduce((sum, { wrong, shed }) => sum + wrong + shed, 0) }
}

/**
 * Measures all variants in turn, `rounds` times, so that all run under the same conditions. Each round begins with
 * another variant: otherwise the same one would always run while its neighbour still exports.
 */
async function inRounds<Measured>(
  rounds: number,
  variants: readonly Variant[],
  measure: (variant: Variant) => Promise<Measured>,
): Promise<Measured[][]> {
  const measured: Measured[][] = []
  for (let round = 0; round < rounds; round += 1) {
    const values: Measured[] = []
    for (let turn = 0; turn < variants.length; turn += 1) {
      const index = (round + turn) % variants.length
      values[index] = await measure(variants[index] as Variant)
    }
    measured.push(values)
  }
  return measured
}

/** A variant's figures compared with those of the first variant in the same rounds. */
function against(what: string, unit: string, rounds: readonly (readonly number[])[], index: number): Row {
  const pairs = rounds.map((round) => [round[index] ?? 0, round[0] ?? 0] as const)
  return index === 0 ? { what, unit, subject: median(pairs.map(([own]) => own)) } : pairedRow(what, unit, pairs)
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
