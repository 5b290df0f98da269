import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { seeded } from '@linkerd-scenario/test-kit/seeded'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'
import { FEATURES } from '../../prove/src/features/index.ts'
import { serveCluster } from '../stand-in-mesh/cluster-server.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { commandLine } from './command-line.ts'
import { isAll } from './extent.ts'

const SEED = Number(process.env['PROVE_SEED'] ?? 1)
const MOMENTS = isAll ? 10 : 3
/** Most features are done by then: some are met while they start, some in their midst, some at their end. */
const LATEST_MS = 12_000
/** What is left of a run that begins with one of these takes longer than that. */
const FIRST = FEATURES.map(({ name }) => name).slice(0, -2)

const random = seeded(SEED)
const moments = Array.from({ length: MOMENTS }, () => ({
  feature: FIRST[Math.floor(random() * FIRST.length)] ?? '',
  ms: Math.round(random() * LATEST_MS),
}))

const { prove, report } = commandLine()

test.each(moments)('Ctrl-C %# in $feature after $ms ms: nothing is left, and the report says so', async (moment) => {
  const cluster = new StandInCluster()
  const { url, close } = await serveCluster(cluster)
  try {
    const names = FEATURES.map(({ name }) => name)
    const args = [...names.slice(names.indexOf(moment.feature)), '--json', 'p.json']
    const { child, output, exit } = prove(args, { STAND_IN_CLUSTER: url })
    // Before its first word it has touched nothing, and ends as any program does.
    const stderr = () => output.stderr
    await until(stderr, (text) => text.includes('Context'), { withinMs: 60_000 })
    await sleep(moment.ms)
    child.kill('SIGINT')
    expect(await exit, output.stderr).toEqual([130, null])
    expect(output.stdout).toContain('Interrupted')
    expect(await report()).toMatchObject({ ending: 'interrupted', exitCode: 130 })
    expect([...cluster.namespaces.keys()]).toEqual([])
    expect(await processesWith(`STAND_IN_CLUSTER=${url}`)).toEqual([])
  } finally {
    await close()
  }
})

test('a second Ctrl-C leaves at once, and says how to find what is left', async () => {
  const { promise: never, resolve: atLast } = Promise.withResolvers<void>()
  class Slow extends StandInCluster {
    override async deleteNamespace(name: string): Promise<void> {
      await never
      await super.deleteNamespace(name)
    }
  }
  const cluster = new Slow()
  const { url, close } = await serveCluster(cluster)
  try {
    const { child, output, exit } = prove(['injection'], { STAND_IN_CLUSTER: url })
    await until(
      () => [...cluster.namespaces.keys()],
      (names) => names.length > 0,
      { withinMs: 60_000 },
    )
    child.kill('SIGINT')
    await until(
      () => output.stderr,
      (text) => text.includes('Interrupted'),
      { withinMs: 60_000 },
    )
    // What comes at once is the same press, told twice: as long as it cleans up, it goes on.
    child.kill('SIGINT')
    await sleep(1500)
    expect(child.exitCode).toBeNull()
    child.kill('SIGINT')
    expect((await exit)[0]).toBe(130)
    expect(output.stderr).toContain('kubectl get namespaces -l app.kubernetes.io/managed-by')
  } finally {
    atLast()
    await close()
  }
})

/** Command lines of the processes that were started with this in their environment; where there is no /proc, none. */
async function processesWith(variable: string): Promise<string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name) && name !== `${process.pid}`)
  const found: string[] = []
  for (const id of ids) {
    const environment = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '')
    if (environment.split('\0').includes(variable))
      found.push(await readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => id))
  }
  return found
}
