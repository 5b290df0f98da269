// Before and after the test runs: adds up the totals that each run left as one JSON file, and looks for what is left
// behind. `node .ci/summary.mjs begin|end FOLDER`. Plain JavaScript, because it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [when, folder = '.'] = process.argv.slice(2)
const before = join(folder, 'before.txt')

if (when === 'begin') writeFileSync(before, JSON.stringify(state()))
else process.exitCode = end()

function end() {
  const totals = ending('.json').map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
  const sum = (key) => totals.reduce((total, run) => total + run[key], 0)
  const left = leftovers()
  for (const line of left) console.log(`left behind: ${line}`)
  const failed = sum('failed') + left.length
  // A run that failed and counted no failure ended before its tests did, or in its teardown.
  const broken =
    failed === 0 ? ending('.status').filter((name) => readFileSync(join(folder, name), 'utf8').trim() !== '0') : []
  for (const name of broken) console.log(`npm run ${name.replace('.status', '')} failed outside of its tests`)
  console.log(`\n${sum('passed')} passed, ${failed + broken.length} failed${skippedIn(totals)}`)
  return failed + broken.length > 0 || sum('passed') === 0 ? 1 : 0
}

function skippedIn(totals) {
  const reasons = totals.flatMap(({ skipped }) => Object.entries(skipped))
  const count = reasons.reduce((total, [, number]) => total + number, 0)
  return count === 0
    ? ''
    : `, ${count} skipped (${reasons.map(([reason, number]) => `${number}: ${reason}`).join('; ')})`
}

function ending(extension) {
  return readdirSync(folder).filter((name) => name.endsWith(extension))
}

/** What the runs must leave as it was: files that Git would see, containers, networks. */
function state() {
  return {
    file: lines('git', ['status', '--porcelain']),
    container: lines('docker', ['ps', '--all', '--format', '{{.ID}} {{.Image}} {{.Names}}']),
    network: lines('docker', ['network', 'ls', '--format', '{{.Name}}']),
  }
}

function leftovers() {
  const then = JSON.parse(readFileSync(before, 'utf8'))
  const now = state()
  const added = Object.keys(now).flatMap((kind) =>
    now[kind].filter((line) => !then[kind].includes(line)).map((line) => `${kind} ${line}`),
  )
  // npm keeps its compiled code in one of these, for all its runs.
  const names = readdirSync(process.env.TMPDIR).filter((name) => name !== 'node-compile-cache')
  const folders = names.map((name) => `in the temporary folder: ${name}`)
  return [...added, ...folders, ...processes()]
}

/** Processes of the runs, by the variable CI_RUN; with them their ports would be held. */
function processes() {
  if (process.platform !== 'linux') return []
  const mark = `CI_RUN=${process.env.CI_RUN}`
  const own = [process.pid, process.ppid].map(String)
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid) && !own.includes(pid) && read(`/proc/${pid}/environ`).includes(mark))
    .map((pid) => `process ${pid} ${read(`/proc/${pid}/cmdline`).join(' ').slice(0, 200)}`)
}

function read(file) {
  try {
    return readFileSync(file, 'utf8').split('\0')
  } catch {
    return []
  }
}

/** The output of a command by lines; none where there is no such command, or no engine that answers it. */
function lines(command, args) {
  const { stdout } = spawnSync(command, args, { encoding: 'utf8' })
  return (stdout ?? '').split('\n').filter((line) => line !== '')
}
