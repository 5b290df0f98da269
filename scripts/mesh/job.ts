import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MeshOptions } from './options.ts'
import type { CommandLine, Step } from './steps.ts'

/** The Job took less than four minutes on a busy node with two cores. */
const DEADLINE = '15m'

/** Proves once more, as the Job of k8s/prover, and takes its log and its report out of the cluster. */
export function proveAsJob({ cluster, name, reports }: MeshOptions): Step[] {
  const context = `--context=${cluster}-${name}`
  const kubectl = (...args: string[]): CommandLine => ['kubectl', context, '-n', 'mesh-proof', ...args]
  const file = (ending: string) => join(reports, `job.${ending}`)
  const forms = ['--junit', file('xml'), '--markdown', file('md'), '--html', file('html')]
  return [
    { says: 'Starting the Job', command: ['kubectl', context, 'apply', '-k', 'k8s/prover'] },
    {
      says: `Waiting for the Job, at most ${DEADLINE}`,
      // A Job has conditions once it is over, whether it has failed or not.
      command: kubectl('wait', 'job/prover', '--for=jsonpath={.status.conditions}', `--timeout=${DEADLINE}`),
    },
    { says: "Reading the Job's log", command: kubectl('logs', 'job/prover') },
    {
      says: "Reading the Job's report",
      command: kubectl('get', 'configmap', 'prove-report', '--output=jsonpath={.data.report\\.json}'),
      file: file('json'),
    },
    {
      says: "Writing the Job's report in other forms",
      command: ['node', 'prove/src/cli.ts', '--from', file('json'), ...forms],
    },
    {
      says: 'Looking whether the Job has succeeded',
      command: kubectl('wait', 'job/prover', '--for=condition=complete', '--timeout=1m'),
    },
  ]
}

/** The features that the Job has skipped. It succeeds all the same, because its manifest requires none. */
export async function skippedByJob({ reports }: MeshOptions): Promise<string[]> {
  const { features } = JSON.parse(await readFile(join(reports, 'job.json'), 'utf8')) as {
    features: { feature: string; verdict: string }[]
  }
  return features.filter(({ verdict }) => verdict === 'skipped').map(({ feature }) => feature)
}
