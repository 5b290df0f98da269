import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'
import { serveCluster } from '../stand-in-mesh/kubectl/cluster-server.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { commandLine } from './command-line.ts'
import { inTerminal, needsTerminal } from './in-terminal.ts'
import { processesWith } from './processes.ts'

const ARGS = ['injection', '--json', 'p.json']
const { prove, report, folder } = commandLine()

/** A run that has just made its namespace. */
async function begun() {
  const cluster = new StandInCluster()
  const { url, close } = await serveCluster(cluster)
  const run = prove(ARGS, { STAND_IN_CLUSTER: url })
  await namespaceOf(cluster)
  return { ...run, cluster, url, close }
}

async function namespaceOf(cluster: StandInCluster): Promise<void> {
  await until(
    () => cluster.namespaces.size,
    (count) => count > 0,
    { withinMs: 60_000, everyMs: 10 },
  )
}

/** Nothing is left in the cluster or on this machine, and the report says so. */
async function isInterrupted(cluster: StandInCluster, url: string): Promise<void> {
  expect(await report()).toMatchObject({ ending: 'interrupted', exitCode: 130, removal: 'gone' })
  expect([...cluster.namespaces.keys()]).toEqual([])
  expect(await processesWith(`STAND_IN_CLUSTER=${url}`)).toEqual([])
}

test('nobody reads the progress any longer, as after `head`: the run goes on to its end', async () => {
  const { cluster, child, output, exit, close } = await begun()
  try {
    child.stderr?.destroy()
    expect(await exit, output.stderr).toEqual([0, null])
    expect(output.stdout).toContain('1 of 1 features proved')
    expect(await report()).toMatchObject({ ending: 'finished', exitCode: 0 })
    expect(cluster.namespacesLeft).toEqual([])
  } finally {
    await close()
  }
})

test.each(['SIGINT', 'SIGHUP'] as const)(
  '%s, and nobody reads anything any longer: nothing is left',
  async (signal) => {
    const { cluster, url, child, output, exit, close } = await begun()
    try {
      child.stdout?.destroy()
      child.stderr?.destroy()
      child.kill(signal)
      expect(await exit, output.stderr).toEqual([130, null])
      await isInterrupted(cluster, url)
    } finally {
      await close()
    }
  },
)

test('the terminal is closed: nothing is left', async ({ skip }) => {
  needsTerminal(skip)
  const cluster = new StandInCluster()
  const { url, close } = await serveCluster(cluster)
  try {
    const { child, exit } = inTerminal(folder(), ARGS, url)
    await namespaceOf(cluster)
    child.kill('SIGKILL')
    await exit
    // The prover is not a child of this process: that it has ended is seen from outside.
    await until(
      () => processesWith(`STAND_IN_CLUSTER=${url}`),
      (left) => left.length === 0,
      { withinMs: 60_000, everyMs: 100 },
    )
    await isInterrupted(cluster, url)
  } finally {
    await close()
  }
})
