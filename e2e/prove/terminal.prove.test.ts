import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { until } from '@linkerd-scenario/test-kit/until'
import { Terminal } from '@xterm/headless'
import { expect, test } from 'vitest'
import { serveCluster } from '../stand-in-mesh/kubectl/cluster-server.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { commandLine, KUBECTL } from './command-line.ts'

const CLI = fileURLToPath(new URL('../../prove/src/cli.ts', import.meta.url))
/** Runs a command in a terminal of its own. That of util-linux: others take other options. */
const SCRIPT = 'script'
const hasScript = spawnSync(SCRIPT, ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false
const NO_SCRIPT = 'no script of util-linux on the PATH: install bsdutils (Debian, Ubuntu) or util-linux'
/** There, and in `.ci/run`, no test may be missing. */
const isCi = process.env['CI'] !== undefined || process.env['CI_RUN'] !== undefined
const [COLUMNS, ROWS] = [100, 24]

const { folder } = commandLine()

/** Runs the prover in a real terminal, and shows what a user sees there. */
function inTerminal(args: readonly string[], url: string) {
  const command = `stty cols ${COLUMNS} rows ${ROWS}; exec ${process.execPath} ${CLI} ${args.join(' ')}`
  const env = { ...process.env, KUBECTL, STAND_IN_CLUSTER: url, TERM: 'xterm' }
  const child = spawn(SCRIPT, ['-qefc', command, '/dev/null'], { cwd: folder(), env })
  const terminal = new Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true })
  child.stdout.on('data', (part: Buffer) => terminal.write(part))
  const screen = () => {
    const { active } = terminal.buffer
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '')
  }
  return { child, screen, exit: once(child, 'close') as Promise<[number | null]> }
}

const LANE =
  /^ {2}prove-\w+(-2)? {2}(starting|[a-z-]+)(: [\w ]+)?, [\d.]+ m?s(, about (\d+ min )?\d+ s left)?(, waiting for .+)?$/

test('on a terminal there is one line a lane, written over again', async ({ skip }) => {
  skip(!hasScript && !isCi, NO_SCRIPT)
  expect(hasScript, NO_SCRIPT).toBe(true)
  const cluster = new StandInCluster()
  const { url, close } = await serveCluster(cluster)
  try {
    const { screen, exit } = inTerminal(['retries', 'header-routing', '--lanes', '2'], url)
    const lanes = () => screen().filter((line) => LANE.test(line))
    const both = await until(lanes, (found) => found.length === 2 && found.every((line) => line.includes(': with')), {
      withinMs: 90_000,
      everyMs: 20,
    })
    expect(both.map((line) => /(retries|header-routing): with/.exec(line)?.[1] ?? '').toSorted()).toEqual([
      'header-routing',
      'retries',
    ])
    expect(await exit, screen().join('\n')).toEqual([0, null])
    // What stays: a line for each feature and the verdicts, and nothing of the lines that were written over.
    const left = screen()
    expect(left.filter((line) => LANE.test(line) || / features, /.test(line))).toEqual([])
    expect(left.filter((line) => /^(retries|header-routing): proved \(/.test(line))).toHaveLength(2)
    expect(left.join('\n')).toContain('2 of 2 features proved')
    expect(left.join('\n')).toMatch(/2 lanes: as asked for\. This takes about/)
  } finally {
    await close()
  }
})
