import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BurstReport } from '@linkerd-scenario/contract'
import { execa } from 'execa'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { type JsonReport, JsonReportSchema } from '../../prove/src/report/json-report.ts'
import { toJson } from '../../prove/src/report/run-report.ts'
import { LocalPorts } from '../guides/local-ports.ts'
import { serveToShells } from '../guides/stand-in/server.ts'
import { proveStandIn } from '../stand-in-mesh/run-prover.ts'

/** What a reader has: the JSON of a run whose cluster is gone. */
async function reportOf(...argv: string[]): Promise<JsonReport> {
  const { namespacesLeft, ...run } = await proveStandIn({ argv })
  expect(namespacesLeft).toEqual([])
  const text = JSON.stringify(toJson(run, { out: tmpdir(), cwd: process.cwd(), home: tmpdir() }))
  expect([...Value.Errors(JsonReportSchema, JSON.parse(text))]).toEqual([])
  return JSON.parse(text) as JsonReport
}

/** Runs the commands of a report's feature, and those around them, in a shell, on a new cluster. Returns what they print. */
async function repeat({ byHand, features }: JsonReport, name: string): Promise<string> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'by-hand-'))
  stack.defer(() => rm(folder, { recursive: true }))
  const { setUp = [], end = [], files = {} } = byHand ?? {}
  for (const [file, yaml] of Object.entries(files)) await writeFile(join(folder, file), yaml)
  const { environment, cluster } = stack.use(await serveToShells(folder))
  const { commands = [] } = features.find(({ feature }) => feature === name) ?? {}
  const ports = new LocalPorts()
  const lines: string[] = []
  // One after the other: what one line names gets the port that the line before got.
  for (const line of [...setUp, ...commands, ...end].flatMap((one) => one.split('\n')))
    lines.push(await ports.translate(line))
  const shell = await execa('bash', ['-c', lines.join('\n')], {
    cwd: folder,
    env: environment,
    reject: false,
    all: true,
    stdin: 'ignore',
    timeout: 120_000,
  })
  expect(shell.stderr.replaceAll(/^.*Terminated.*\n?/gm, ''), shell.all).toBe('')
  expect(cluster.namespacesLeft).toEqual([])
  return shell.stdout
}

const burstsIn = (output: string, total: number) =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{"total":'))
    .map((line) => JSON.parse(line) as BurstReport)
    .filter((burst) => burst.total === total)

test('who has the report alone repeats both phases of a feature by hand, and sees what the prover saw', async () => {
  const report = await reportOf('retries')
  expect(report.features).toMatchObject([{ verdict: 'proved' }])
  const output = await repeat(report, 'retries')
  const bursts = burstsIn(output, 60)
  const [failingOnce, failingAlways, refused, ...without] = bursts.map(({ byStatus, byAttempt }) => ({
    byStatus,
    byAttempt,
  }))
  expect([failingOnce, failingAlways, refused]).toEqual([
    { byStatus: { 200: 60 }, byAttempt: { 2: 60 } },
    { byStatus: { 503: 60 }, byAttempt: { 3: 60 } },
    { byStatus: { 418: 60 }, byAttempt: { 1: 60 } },
  ])
  expect(without).toEqual([
    { byStatus: { 503: 60 }, byAttempt: { 1: 60 } },
    { byStatus: { 503: 60 }, byAttempt: { 1: 60 } },
    { byStatus: { 418: 60 }, byAttempt: { 1: 60 } },
  ])
  expect(output).toMatch(/^> outbound_http_route_retry_requests_total\{.*provider-retry/m)
}, 120_000)
