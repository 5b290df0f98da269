import { expect, test } from 'vitest'
import { serveCluster } from '../stand-in-mesh/kubectl/cluster-server.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { commandLine } from './command-line.ts'
import { pressCtrlC } from './press-ctrl-c.ts'
import { processesWith } from './processes.ts'
import { featuresFrom, randomMoments, SEED } from './random-moments.ts'
import { ONLY_THERE } from './way.ts'

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

const { prove, report } = commandLine()

test.each(randomMoments())(
  `Ctrl-C %# of seed ${SEED} in $feature after $ms ms, pressed $presses times: the namespace is as it was`,
  async (moment) => {
    const cluster = new StandInCluster()
    cluster.createNamespace(GIVEN, { team: 'a' })
    cluster.apply(GIVEN, THEIRS)
    const found = JSON.stringify(cluster.in(GIVEN).objects)
    const { url, close } = await serveCluster(cluster, { forbidden: ONLY_THERE })
    try {
      const args = [...featuresFrom(moment), '--in-namespace', GIVEN, '--json', 'p.json']
      await pressCtrlC(moment, prove(args, { STAND_IN_CLUSTER: url }), report)
      expect(JSON.stringify(cluster.in(GIVEN).objects)).toBe(found)
      expect([...cluster.in(GIVEN).deployments.keys()]).toEqual([])
      expect(await processesWith(`STAND_IN_CLUSTER=${url}`)).toEqual([])
      expect([...cluster.namespaces.keys()]).toEqual([GIVEN])
    } finally {
      await close()
    }
  },
)
