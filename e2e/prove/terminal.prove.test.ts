import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'
import { serveCluster } from '../stand-in-mesh/kubectl/cluster-server.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { commandLine } from './command-line.ts'
import { inTerminal, needsTerminal } from './in-terminal.ts'

const { folder } = commandLine()

const LANE =
  /^ {2}prove-\w+(-2)? {2}(starting|[a-z-]+)(: [\w ]+)?, [\d.]+ m?s(, about (\d+ min )?\d+ s left)?(, waiting for .+)?$/

test('on a terminal there is one line a lane, written over again', async ({ skip }) => {
  needsTerminal(skip)
  const cluster = new StandInCluster()
  const { url, close } = await serveCluster(cluster)
  try {
    const { screen, exit } = inTerminal(folder(), ['retries', 'header-routing', '--lanes', '2'], url)
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
