import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'
import { serveCluster } from '../stand-in-mesh/kubectl/cluster-server.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { commandLine } from './command-line.ts'
import { processesWith } from './processes.ts'
import { featuresFrom, NEXT_PRESS_MS, randomMoments, SEED } from './random-moments.ts'

const GIVEN = 'team-a'
/** Objects of the team, of kinds that a run applies and removes as well. */
const THEIRS = `
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
---
apiVersion: v1
kind: Service
metadata: {name: theirs, labels: {team: a}}
spec: {selector: {app: theirs}, ports: [{port: 80}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: theirs}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: theirs}
spec: {parentRefs: [{kind: Service, group: core, name: theirs, port: 80}]}
`
/** Whoever is given one namespace has no rights outside it. */
const ONLY_THERE = { forbidden: ['create namespaces', 'delete namespaces', 'list namespaces', 'list nodes'] }

const { prove, report } = commandLine()

test.each(randomMoments())(
  `Ctrl-C %# of seed ${SEED} in $feature after $ms ms, pressed $presses times: the namespace is as it was`,
  async (moment) => {
    const cluster = new StandInCluster()
    cluster.createNamespace(GIVEN, { team: 'a' })
    cluster.apply(GIVEN, THEIRS)
    const found = JSON.stringify(cluster.in(GIVEN).objects)
    const { url, close } = await serveCluster(cluster, ONLY_THERE)
    try {
      const args = [...featuresFrom(moment), '--in-namespace', GIVEN, '--json', 'p.json']
      const { child, output, exit } = prove(args, { STAND_IN_CLUSTER: url })
      await until(
        () => output.stderr,
        (text) => text.includes('Context'),
        { withinMs: 60_000 },
      )
      await sleep(moment.ms)
      child.kill('SIGINT')
      if (moment.presses === 2) {
        await sleep(NEXT_PRESS_MS)
        child.kill('SIGINT')
      }
      expect(await exit, output.stderr).toEqual([130, null])
      const { ending, exitCode, removal } = (await report()) as { ending: string; exitCode: number; removal?: string }
      expect({ ending, exitCode }).toEqual({ ending: 'interrupted', exitCode: 130 })
      // A run that was interrupted while it looked at the cluster has nothing to remove.
      const told = moment.presses === 1 ? ['gone', undefined] : ['gone', 'accepted', undefined]
      expect(told, output.stderr).toContain(removal)
      expect(JSON.stringify(cluster.in(GIVEN).objects)).toBe(found)
      expect([...cluster.in(GIVEN).deployments.keys()]).toEqual([])
      expect(await processesWith(`STAND_IN_CLUSTER=${url}`)).toEqual([])
      expect([...cluster.namespaces.keys()]).toEqual([GIVEN])
    } finally {
      await close()
    }
  },
)
