import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { RunReport } from '../../prove/src/report/run-report.ts'
import type { Behaviour } from '../stand-in-mesh/behaviour.ts'
import { proveStandIn, type StandInRun } from '../stand-in-mesh/run-prover.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'

/** What a run reported, and the objects and namespaces that it left behind. */
export type WholeRun = RunReport & { left: string[] }

/** Proves features against a new stand-in mesh; all of them if none is named. */
type Way = (behaviour: Partial<Behaviour>, features: readonly string[]) => Promise<WholeRun>

/** One lane, or as many as PROVE_LANES says. */
const inLanes = ['--lanes', process.env['PROVE_LANES'] ?? '1']
/** The namespace that somebody else has made. */
const GIVEN = 'team-a'
/** Whoever is given one namespace has no rights outside it. */
export const ONLY_THERE = ['create namespaces', 'delete namespaces', 'list namespaces', 'list nodes']

const WAYS: Readonly<Record<string, Way>> = {
  'own-namespaces': async (behaviour, features) => {
    const { namespacesLeft, ...report } = await proveStandIn({ behaviour, argv: [...features, ...inLanes] })
    return { ...report, left: namespacesLeft }
  },
  'given-namespace': (behaviour, features) => inGivenNamespace(behaviour, [...features, '--in-namespace', GIVEN]),
  job: async (behaviour, features) => inGivenNamespace(behaviour, [...features, ...(await argumentsOfJob())]),
}

/** The way that PROVE_WAY names: in namespaces of its own, in one that is given, or with the arguments of the Job. */
export const proveInWay: Way = (behaviour, features) => {
  const name = process.env['PROVE_WAY'] ?? 'own-namespaces'
  const way = WAYS[name]
  if (way === undefined) throw new Error(`PROVE_WAY=${name} is none of ${Object.keys(WAYS).join(', ')}.`)
  return way(behaviour, features)
}

async function inGivenNamespace(behaviour: Partial<Behaviour>, argv: readonly string[]): Promise<WholeRun> {
  const cluster = new LookedAt(behaviour)
  cluster.createNamespace(GIVEN, {})
  const given: StandInRun = { cluster, argv, surroundings: { forbidden: ONLY_THERE } }
  const { namespacesLeft, ...report } = await proveStandIn(given)
  const others = namespacesLeft.filter((name) => name !== GIVEN)
  return { ...report, left: [...others, ...cluster.objectsAtTheEnd] }
}

/** A cluster that records what is in the namespace when the run has ended. */
class LookedAt extends StandInCluster {
  objectsAtTheEnd: string[] = []

  override async close(): Promise<void> {
    this.objectsAtTheEnd = this.in(GIVEN).applied.map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    await super.close()
  }
}

const JOB = new URL('../../k8s/prover/job.yaml', import.meta.url)

interface Job {
  spec: { template: { spec: { containers: { args: string[] }[] } } }
}

/** The arguments in the Job's manifest, as the kubelet expands them. */
async function argumentsOfJob(): Promise<string[]> {
  const job = parse(await readFile(JOB, 'utf8')) as Job
  const args = job.spec.template.spec.containers.flatMap((container) => container.args)
  return args.map((argument) => argument.replaceAll('$(NAMESPACE)', GIVEN))
}
