import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Load, LoadResult } from './load.ts'

const SCRIPT = join(import.meta.dirname, 'wrk-check.lua')

/** Load by wrk, the tool that uses the least CPU; its script checks each answer. */
export async function wrk(load: Load): Promise<LoadResult> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  try {
    const body = join(folder, 'body')
    const expected = join(folder, 'expect')
    await Promise.all([writeFile(body, load.body ?? ''), writeFile(expected, load.expect.join('\n'))])
    const options = ['-t1', `-c${load.connections}`, `-d${load.seconds}s`, '--timeout', '10s', '-s', SCRIPT]
    for (const [name, value] of Object.entries(load.headers ?? {})) options.push('-H', `${name}: ${value}`)
    const { stdout } = await execa('wrk', [...options, load.url, '--', load.method, body, expected])
    return parseWrk(stdout)
  } finally {
    await rm(folder, { recursive: true })
  }
}

export async function hasWrk(): Promise<boolean> {
  // wrk has no flag that exits with status 0; it is enough that it can be started.
  return (await execa('wrk', ['-v'], { reject: false })).code !== 'ENOENT'
}

interface Totals {
  answers: number
  shed: number
  wrong: number
  broken: number
  timeouts: number
  us: number
  p50us: number
  p99us: number
  maxus: number
}

/** The totals that the script prints after wrk's own report. */
export function parseWrk(output: string): LoadResult {
  const json = /^wrk (\{.*\})$/m.exec(output)?.[1]
  if (json === undefined) throw new Error(`wrk printed no totals:\n${output}`)
  const totals = JSON.parse(json) as Totals
  return {
    answers: totals.answers,
    shed: totals.shed,
    wrong: totals.wrong + totals.broken + totals.timeouts,
    seconds: totals.us / 1e6,
    latencyMs: { p50: totals.p50us / 1000, p99: totals.p99us / 1000, max: totals.maxus / 1000 },
  }
}
