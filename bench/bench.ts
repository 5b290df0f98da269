import { writeFile } from 'node:fs/promises'
import { exitStatusOf } from '../scripts/command-line.ts'
import { cases } from './cases/index.ts'
import { bundleAll } from './cases/shipped.ts'
import { loadTool } from './harness/load-tool.ts'
import { machine } from './harness/machine.ts'
import { type Options, readOptions } from './harness/options.ts'
import { holds, type NamedReport, table } from './harness/report.ts'

process.exitCode = await main()

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2))
    if (options.list) process.stdout.write(cases.map(({ name, title }) => `${name.padEnd(18)}${title}\n`).join(''))
    else return await bench(options)
    return 0
  } catch (error) {
    return exitStatusOf(error)
  }
}

async function bench({ quick, cases: names, pairs, seconds, json, enforce }: Options): Promise<number> {
  const unknown = names.filter((name) => !cases.some((known) => known.name === name))
  if (unknown.length > 0) {
    process.stderr.write(`Unknown case ${unknown.join(', ')}: --list names all.\n`)
    return 2
  }
  const chosen = names.length === 0 ? cases : cases.filter(({ name }) => names.includes(name))
  const startedAt = performance.now()
  const tool = await loadTool()
  await bundleAll()
  const head = { ...machine(), load: tool.name, pairs, seconds, date: new Date().toISOString() }
  process.stdout.write(
    `${Object.entries(head)
      .map(([key, value]) => `${key} ${value}`)
      .join(', ')}\n`,
  )
  const reports: NamedReport[] = []
  const failed: string[] = []
  for (const { name, title, run } of chosen) {
    const begunAt = performance.now()
    try {
      const measured = await run({ quick, pairs, seconds, drive: tool.drive })
      const report = { name, title, tookSeconds: Math.round((performance.now() - begunAt) / 1000), ...measured }
      reports.push(report)
      process.stdout.write(`\n${table(report)}\n`)
    } catch (error) {
      failed.push(name)
      process.stderr.write(`\n${name} failed: ${(error as Error).stack}\n`)
    }
  }
  process.stdout.write(`\n${Math.round((performance.now() - startedAt) / 1000)} s\n`)
  if (json !== undefined) await writeFile(json, `${JSON.stringify({ ...head, cases: reports, failed }, null, 2)}\n`)
  const missed = reports.some(({ rows }) => rows.some((row) => holds(row) === false))
  const wrong = reports.some((report) => report.wrong > 0)
  return failed.length > 0 || wrong || (enforce && missed) ? 1 : 0
}
