import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'
import { serveCluster } from '../stand-in-mesh/kubectl/cluster-server.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { commandLine, KUBECTL } from './command-line.ts'
import { pressCtrlC } from './press-ctrl-c.ts'
import { processesWith } from './processes.ts'
import { featuresFrom, NEXT_PRESS_MS, randomMoments, SEED } from './random-moments.ts'

const { prove, report } = commandLine()

test.each(randomMoments())(
  `Ctrl-C %# of seed ${SEED} in $feature after $ms ms, pressed $presses times: nothing is left`,
  async (moment) => {
    const cluster = new StandInCluster()
    const { url, close } = await serveCluster(cluster)
    try {
      const args = [...featuresFrom(moment), '--lanes', '3', '--json', 'p.json']
      await pressCtrlC(moment, prove(args, { STAND_IN_CLUSTER: url }), report)
      expect(cluster.namespacesLeft).toEqual([])
      expect(await processesWith(`STAND_IN_CLUSTER=${url}`)).toEqual([])
      const remaining = () => [...cluster.namespaces.keys()]
      await until(remaining, (left) => left.length === 0, { withinMs: moment.presses === 1 ? 0 : 30_000, everyMs: 50 })
    } finally {
      await close()
    }
  },
)

/**
 * A cluster in which the test decides how long namespaces take to go, and which records when each deletion was
 * requested first.
 */
class SlowToRemove extends StandInCluster {
  readonly requestedAt = new Map<string, number>()
  readonly #gone = Promise.withResolvers<void>()

  override async deleteNamespace(name: string): Promise<void> {
    if (!this.requestedAt.has(name)) this.requestedAt.set(name, performance.now())
    const namespace = this.namespaces.get(name)
    if (namespace !== undefined) namespace.removal ??= this.#gone.promise
    await this.#gone.promise
    if (namespace !== undefined) namespace.removal = undefined
    await super.deleteNamespace(name)
  }

  remove(): void {
    this.#gone.resolve()
  }
}

/** Resolves when the run has used its port-forwards: at that point it removes the route for the control. */
async function isMeasuring(output: { stderr: string }): Promise<void> {
  await until(
    () => output.stderr,
    (text) => / delete -n .*-removes/.test(text),
    { withinMs: 90_000, everyMs: 50 },
  )
}

/** Two lanes, each with a feature that applies something. */
const TWO_LANES = ['retries', 'timeouts', '--lanes', '2', '--verbose']

async function interruptedRun() {
  const cluster = new SlowToRemove()
  const { url, close } = await serveCluster(cluster)
  const { child, output, exit } = prove([...TWO_LANES, '--json', 'p.json'], {
    STAND_IN_CLUSTER: url,
    STAND_IN_LINGER_MS: String(LINGER_MS),
  })
  await isMeasuring(output)
  const end = async () => {
    cluster.remove()
    await close()
  }
  return { cluster, url, child, output, exit, end }
}

/** How long one kubectl command takes on this machine now, ms. */
async function commandMs(url: string): Promise<number> {
  const startedAt = performance.now()
  await once(spawn(process.execPath, [KUBECTL, 'version'], { env: { ...process.env, STAND_IN_CLUSTER: url } }), 'close')
  return performance.now() - startedAt
}

/** How long port-forwards take to end, and with them the run. */
const LINGER_MS = 8000

test('two signals at once are one press: the deletion of each lane is requested within a second, and waited for', async () => {
  const { cluster, url, child, output, exit, end } = await interruptedRun()
  try {
    const oneCommandMs = await commandMs(url)
    const signalledAt = performance.now()
    child.kill('SIGINT')
    child.kill('SIGTERM')
    await until(
      () => output.stderr,
      (text) => text.includes('Removing the namespaces'),
      { withinMs: 30_000 },
    )
    expect([...cluster.requestedAt.keys()].toSorted()).toEqual([...cluster.namespaces.keys()].toSorted())
    const requestedAfterMs = Math.max(...cluster.requestedAt.values()) - signalledAt
    // The stand-in kubectl is a Node process: on a loaded machine its start alone may take a second.
    expect(requestedAfterMs).toBeLessThan(1000 + 3 * oneCommandMs)
    expect(child.exitCode).toBeNull()
    cluster.remove()
    expect(await exit, output.stderr).toEqual([130, null])
    expect([...cluster.namespaces.keys()]).toEqual([])
  } finally {
    await end()
  }
})

test('a second press ends the wait but not the deletion, and the report says so', async () => {
  const { cluster, child, output, exit, end } = await interruptedRun()
  try {
    child.kill('SIGINT')
    await sleep(NEXT_PRESS_MS)
    child.kill('SIGTERM')
    expect(await exit, output.stderr).toEqual([130, null])
    expect(cluster.requestedAt.size).toBe(2)
    const { ending, reason, removal } = (await report()) as { ending: string; reason: string; removal: string }
    expect(removal).toBe('accepted')
    expect(`${ending}: ${reason}`).toMatch(/^interrupted: .*[Bb]eing removed/)
  } finally {
    await end()
  }
})

test('what a killed run leaves is found by its label and removed', async () => {
  const cluster = new StandInCluster()
  const { url, close } = await serveCluster(cluster)
  try {
    const { child, output, exit } = prove(TWO_LANES, { STAND_IN_CLUSTER: url })
    const names = () => [...cluster.namespaces.keys()]
    const processes = () => processesWith(`STAND_IN_CLUSTER=${url}`)
    await isMeasuring(output)
    child.kill('SIGKILL')
    await exit
    expect(names()).toHaveLength(2)
    // No process is left to end the port-forwards: they end by themselves.
    await until(processes, (left) => left.length === 0, { withinMs: 30_000, everyMs: 50 })
    cluster.createNamespace('somebody-elses', { team: 'other' })
    const clean = prove(['--clean'], { STAND_IN_CLUSTER: url })
    expect(await clean.exit, clean.output.stderr).toEqual([0, null])
    expect(clean.output.stdout).toContain('They are gone.')
    expect(names()).toEqual(['somebody-elses'])
  } finally {
    await close()
  }
})
