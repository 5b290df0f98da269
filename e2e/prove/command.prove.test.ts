import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Value } from 'typebox/value'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { JsonReportSchema } from '../../prove/src/report/json-report.ts'
import { serveCluster } from '../test-bed/cluster-server.ts'
import { StandInCluster } from '../test-bed/stand-in-cluster.ts'

const CLI = fileURLToPath(new URL('../../prove/src/cli.ts', import.meta.url))
const KUBECTL = fileURLToPath(new URL('../test-bed/kubectl.mjs', import.meta.url))

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prove-command-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function prove(args: readonly string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { ...process.env, KUBECTL, ...env } })
  return { child, output: outputOf(child), exit: once(child, 'close') as Promise<[number]> }
}

function outputOf(child: ChildProcess) {
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (part: string) => {
      output[name] += part
    })
  }
  return output
}

const report = async (): Promise<unknown> => JSON.parse(await readFile(join(folder, 'p.json'), 'utf8'))

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
    expect(await readFile(join(folder, 'p.xml'), 'utf8')).toContain('failures="0"')
    expect(await readFile(join(folder, 'p.md'), 'utf8')).toContain('2 of 2 features proved')
    expect([...cluster.namespaces]).toEqual([])
  } finally {
    await close()
  }
})

const MOMENTS = Number(process.env['PROVE_MOMENTS'] ?? 3)
test.each(Array.from({ length: MOMENTS }, () => Math.round(Math.random() * 20_000)))(
  'Ctrl-C %i ms after the first word: nothing is left, and the reports say so',
  async (ms) => {
    const cluster = new StandInCluster()
    const { url, close } = await serveCluster(cluster)
    try {
      const { child, output, exit } = prove(['--json', 'p.json'], { STAND_IN_CLUSTER: url })
      // Before its first word it has touched nothing, and ends as any program does.
      while (!output.stderr.includes('Context')) await sleep(20)
      await sleep(ms)
      child.kill('SIGINT')
      expect(await exit, output.stderr).toEqual([130, null])
      expect(output.stdout).toContain('Interrupted')
      expect(await report()).toMatchObject({ ending: 'interrupted', exitCode: 130 })
      expect([...cluster.namespaces]).toEqual([])
    } finally {
      await close()
    }
  },
)

test('no kubectl: one sentence, exit code 2, and the reports are there', async () => {
  const { output, exit } = prove(['--json', 'p.json'], { KUBECTL: '/no/such/kubectl' })
  expect(await exit).toEqual([2, null])
  expect(output.stdout).toContain('There is no kubectl on the path')
  expect(await report()).toMatchObject({ ending: 'could-not-run', exitCode: 2, cluster: null })
})

test('--list and --dry-run need no cluster, and --dry-run no kubectl either', async () => {
  const list = prove(['--list'], { KUBECTL: '/no/such/kubectl' })
  expect(await list.exit).toEqual([0, null])
  expect(list.output.stdout.match(/ needs /g)).toHaveLength(14)
  const plan = prove(['--dry-run', 'retries'], { KUBECTL: 'kubectl' })
  expect(await plan.exit, plan.output.stderr).toEqual([0, null])
  expect(plan.output.stdout).toMatch(/kubectl create namespace[\s\S]*kind: Deployment[\s\S]*retry\.linkerd\.io\/http/)
  const bare = prove(['--dry-run', 'retries'], { KUBECTL: '/no/such/kubectl' })
  expect(await bare.exit).toEqual([0, null])
  expect(bare.output.stdout).toContain('could not render')
})
