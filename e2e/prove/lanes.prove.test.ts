import { expect, test } from 'vitest'
import { proveStandIn } from '../stand-in-mesh/run-prover.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'

/** Each needs other pods or objects, and one needs quiet. */
const SOME = ['injection', 'authorization', 'retries', 'timeouts', 'egress', 'header-routing']

/** A cluster that records the namespaces that were created in it. */
class Recording extends StandInCluster {
  readonly created: string[] = []

  override createNamespace(name: string, labels: Record<string, string>): boolean {
    this.created.push(name)
    return super.createNamespace(name, labels)
  }
}

test('three lanes prove the same as one, each in a namespace of its own, reported in the usual order', async () => {
  const cluster = new Recording()
  const given = { cluster, argv: [...SOME, '--namespace', 'shared', '--lanes', '3'] }
  const { results, exitCode, namespaces, removal, namespacesLeft } = await proveStandIn(given)
  expect(results.filter(({ verdict }) => verdict !== 'proved')).toEqual([])
  expect(results.map(({ feature }) => feature)).toEqual(SOME)
  expect({ exitCode, namespaces, removal, namespacesLeft }).toEqual({
    exitCode: 0,
    namespaces: ['shared', 'shared-2', 'shared-3'],
    removal: 'accepted',
    namespacesLeft: [],
  })
  expect(cluster.created.toSorted()).toEqual(['shared', 'shared-2', 'shared-3'])
  // Who repeats it by hand needs one namespace.
  const named = new Set(
    results.flatMap(({ commands }) => commands).flatMap((line) => / -n (\S+)/.exec(line)?.[1] ?? []),
  )
  expect([...named]).toEqual(['shared'])
})

test('a broken mesh is denied what it breaks and nothing else, whichever lane proves it', async () => {
  const given = { behaviour: { retries: 'never', egress: 'never' } as const, argv: [...SOME, '--lanes', '3'] }
  const { results, exitCode } = await proveStandIn(given)
  expect(results.filter(({ verdict }) => verdict !== 'proved').map(({ feature }) => feature)).toEqual([
    'retries',
    'egress',
  ])
  expect(exitCode).toBe(1)
})

test.each([
  ['four cores', { cores: '4' }, 2],
  ['two cores', { cores: '2' }, 2],
  ['one core', { cores: '1' }, 1],
  ['no right to look at the nodes', { cores: '4', forbidden: ['list nodes'] }, 1],
])('the number of lanes follows from what the cluster has free: %s', async (_name, surroundings, wanted) => {
  const { results, namespaces } = await proveStandIn({ argv: ['injection', 'retries'], surroundings })
  expect(results.map(({ verdict }) => verdict)).toEqual(['proved', 'proved'])
  expect(namespaces).toHaveLength(wanted)
})
