import { homedir, tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { until } from '@linkerd-scenario/test-kit/until'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { FEATURES } from '../../prove/src/features/index.ts'
import { JsonReportSchema } from '../../prove/src/report/json-report.ts'
import { serveCluster } from '../stand-in-mesh/kubectl/cluster-server.ts'
import { StandInCluster } from '../stand-in-mesh/stand-in-cluster.ts'
import { commandLine } from './command-line.ts'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

const { prove, report, file, folder } = commandLine()

test('a run by the command: verdicts on stdout, progress on stderr, all reports, exit code 0', async () => {
  const cluster = new StandInCluster()
  const { url, close } = await serveCluster(cluster)
  try {
    const files = ['--json', 'p.json', '--junit', 'p.xml', '--markdown', 'p.md']
    const { output, exit } = prove(['injection', 'retries', '--verbose', ...files], { STAND_IN_CLUSTER: url })
    expect(await exit, `${output.stdout}${output.stderr}`).toEqual([0, null])
    expect(output.stdout).toContain('2 of 2 features proved')
    expect(output.stderr).toContain('$ kubectl --context stand-in create -f -')
    expect([...Value.Errors(JsonReportSchema, await report())]).toEqual([])
    expect(await file('p.xml')).toContain('failures="0"')
    expect(await file('p.md')).toContain('2 of 2 features proved')
    expect(cluster.namespacesLeft).toEqual([])
  } finally {
    await close()
  }
})

test('no report of a run with a failure names a folder of this machine', async () => {
  const { url, close } = await serveCluster(new StandInCluster({ retries: 'never' }))
  try {
    const names = ['p.json', 'p.xml', 'p.md', 'p.html', 'p.prom']
    const options = ['--json', '--junit', '--markdown', '--html', '--textfile'].flatMap((one, index) => [
      one,
      names[index] ?? '',
    ])
    const { output, exit } = prove(['retries', '--timeout', '5', '--out', folder(), ...options], {
      STAND_IN_CLUSTER: url,
    })
    expect(await exit, output.stderr).toEqual([1, null])
    // There is evidence, so there is a folder that the report could name.
    expect(await report()).toMatchObject({ features: [{ evidence: expect.stringMatching(/^[\w./-]+$/) as string }] })
    for (const name of names) {
      const text = await file(name)
      for (const place of [folder(), tmpdir(), homedir(), REPOSITORY]) expect(text, name).not.toContain(`${place}/`)
    }
  } finally {
    await close()
  }
})

test('--json - writes the report to stdout and nothing else', async () => {
  const { output, exit } = prove(['--json', '-'], { KUBECTL: '/no/such/kubectl' })
  expect(await exit).toEqual([2, null])
  expect(JSON.parse(output.stdout)).toMatchObject({ ending: 'could-not-run', exitCode: 2 })
  expect(output.stderr).toContain('There is no kubectl on the path')
})

test('a report that cannot be written is reported, and is not a success', async () => {
  const cluster = new StandInCluster()
  const { url, close } = await serveCluster(cluster)
  try {
    const { output, exit } = prove(['injection', '--json', '/dev/null/p.json'], { STAND_IN_CLUSTER: url })
    expect(await exit, output.stderr).toEqual([2, null])
    expect(output.stdout).toContain('1 of 1 features proved')
    expect(output.stderr).toContain('The report could not be written')
  } finally {
    await close()
  }
})

test('no kubectl: one sentence, exit code 2, and the reports are there', async () => {
  const { output, exit } = prove(['--json', 'p.json'], { KUBECTL: '/no/such/kubectl' })
  expect(await exit).toEqual([2, null])
  expect(output.stdout).toContain('There is no kubectl on the path')
  expect(await report()).toMatchObject({ ending: 'could-not-run', exitCode: 2, cluster: null })
})

test('--list and --dry-run need no cluster, and --dry-run no kubectl either', async () => {
  const list = prove(['--list'], { KUBECTL: '/no/such/kubectl' })
  expect(await list.exit).toEqual([0, null])
  expect(list.output.stdout.match(/ needs /g)).toHaveLength(FEATURES.length)
  const plan = prove(['--dry-run', 'retries'], { KUBECTL: 'kubectl' })
  expect(await plan.exit, plan.output.stderr).toEqual([0, null])
  expect(plan.output.stdout).toMatch(/kubectl create namespace[\s\S]*kind: Deployment[\s\S]*retry\.linkerd\.io\/http/)
  const bare = prove(['--dry-run', 'retries'], { KUBECTL: '/no/such/kubectl' })
  expect(await bare.exit).toEqual([0, null])
  expect(bare.output.stdout).toContain('could not render')
})

test('--print-rbac without kubectl: one sentence, exit code 2', async () => {
  const { output, exit } = prove(['--print-rbac', 'retries'], { KUBECTL: '/no/such/kubectl' })
  expect(await exit).toEqual([2, null])
  expect(output.stdout).toBe('')
  expect(output.stderr).toMatch(/^There is no kubectl on the path: .+\n$/)
})

test('a kubectl that renders no objects: one sentence, exit code 2', async () => {
  const { output, exit } = prove(['--print-rbac', 'retries'], { KUBECTL: '/bin/echo' })
  expect([await exit, output.stdout]).toEqual([[2, null], ''])
  expect(output.stderr).toMatch(/^kubectl could not render the manifests: .+\n$/)
})

test('an error that nobody expected: one sentence, exit code 2; with --verbose where it was', async () => {
  const env = { TMPDIR: '/no/such/folder' }
  const { output, exit } = prove(['--dry-run', 'retries'], env)
  expect([await exit, output.stdout]).toEqual([[2, null], ''])
  expect(output.stderr).toMatch(/^The prover could not go on: ENOENT: .*mkdtemp.+ `--verbose` shows where\.\n$/)
  const verbose = prove(['--dry-run', 'retries', '--verbose'], env)
  expect(await verbose.exit).toEqual([2, null])
  expect(verbose.output.stderr).toMatch(/\n {4}at /)
})

test('--clean asks on a context that looks like production, as a run does', async () => {
  const cluster = new StandInCluster()
  const { url, close } = await serveCluster(cluster, { context: 'acme-prod' })
  try {
    cluster.createNamespace('prove-1', { 'app.kubernetes.io/managed-by': 'linkerd-scenario-prove' })
    const refused = prove(['--clean'], { STAND_IN_CLUSTER: url })
    expect(await refused.exit).toEqual([2, null])
    expect(refused.output.stderr).toMatch(/^The context acme-prod looks like production: say --yes .+\n$/)
    expect(cluster.namespacesLeft).toEqual(['prove-1'])
    const meant = prove(['--clean', '--yes'], { STAND_IN_CLUSTER: url })
    expect(await meant.exit, meant.output.stderr).toEqual([0, null])
    expect(cluster.namespacesLeft).toEqual([])
  } finally {
    await close()
  }
})

/** A cluster that removes namespaces when the test says so. */
class Waiting extends StandInCluster {
  readonly #released = Promise.withResolvers<void>()

  override async deleteNamespace(name: string): Promise<void> {
    await this.#released.promise
    await super.deleteNamespace(name)
  }

  release(): void {
    this.#released.resolve()
  }
}

test('--clean announces a removal that takes its time', async () => {
  const cluster = new Waiting()
  const { url, close } = await serveCluster(cluster)
  try {
    cluster.createNamespace('prove-1', { 'app.kubernetes.io/managed-by': 'linkerd-scenario-prove' })
    const { output, exit } = prove(['--clean'], { STAND_IN_CLUSTER: url })
    await until(
      () => output.stderr,
      (text) => /Waiting for `kubectl wait --for=delete namespace\/prove-1 .+, \d s so far\./.test(text),
      { withinMs: 60_000 },
    )
    cluster.release()
    expect(await exit, output.stderr).toEqual([0, null])
    expect(output.stdout).toContain('It is gone.')
  } finally {
    cluster.release()
    await close()
  }
})

test('--quiet prints the verdicts alone, and with --keep where the namespace is', async () => {
  const cluster = new StandInCluster()
  const { url, close } = await serveCluster(cluster)
  try {
    const { output, exit } = prove(['injection', '--quiet', '--keep'], { STAND_IN_CLUSTER: url })
    expect(await exit, output.stderr).toEqual([0, null])
    expect(output.stdout).toContain('1 of 1 features proved')
    const [kept = ''] = cluster.namespacesLeft
    expect(output.stderr).toBe(`Kept ${kept}: kubectl delete namespace ${kept}\n`)
  } finally {
    await close()
  }
})
