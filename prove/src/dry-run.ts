import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { Kubectl, type Launcher } from './cluster/kubectl.ts'
import { difference, Manifests } from './cluster/manifests.ts'
import { systemClock } from './cluster/pace.ts'
import type { Feature, Phase } from './feature.ts'
import { BASE_WORKLOADS } from './features/index.ts'
import type { Options } from './options.ts'
import { imageOf } from './prove-all.ts'

const COMMAND_MS = 30_000

/** What a run would do: the commands in their order, what each phase must show, and the manifests. Asks no cluster. */
export async function plan(
  features: readonly Feature[],
  options: Options,
  launcher: Launcher,
  k8s: string,
): Promise<string> {
  const namespace = options.namespace ?? 'prove-RANDOM'
  const context = options.context === undefined ? '' : ` --context ${options.context}`
  const kubectl = (command: string) => `kubectl${context} ${command}`
  const folder = await mkdtemp(join(tmpdir(), 'prove-plan-'))
  try {
    const needed = new Set(features.flatMap(({ workloads }) => Object.keys(workloads)))
    const manifests = new Manifests({
      k8s,
      folder,
      workloads: [...needed].filter((name) => !BASE_WORKLOADS.includes(name)).sort(),
      image: (service) => imageOf(service, options),
      kubectl: new Kubectl({
        launcher,
        context: undefined,
        clock: systemClock,
        timeoutMs: COMMAND_MS,
        signal: new AbortController().signal,
        onCommand: () => undefined,
      }),
    })
    const base = await rendered(() => manifests.render())
    const lines = [
      kubectl(`create namespace ${namespace}`),
      kubectl(`apply -n ${namespace} -f base.yaml`),
      ...features.flatMap((feature) => [
        '',
        `# ${feature.name}: ${feature.claim}`,
        ...Object.entries(feature.workloads).map(([workload, replicas]) =>
          kubectl(`scale -n ${namespace} deployment/${workload} --replicas=${replicas}`),
        ),
        ...phaseLines('on', feature.on, namespace, kubectl),
        ...phaseLines('control', feature.control, namespace, kubectl),
      ]),
      '',
      options.keep ? `# The namespace ${namespace} is kept.` : kubectl(`delete namespace ${namespace}`),
    ]
    const texts = [
      `--- # base.yaml\n${typeof base === 'string' ? `# ${base}\n` : base.map((one) => stringify(one)).join('---\n')}`,
    ]
    if (typeof base !== 'string') {
      for (const component of components(features)) {
        const { apply } = difference(base, await manifests.render(component))
        texts.push(`--- # ${fileOf(component.path)}\n${apply.map((one) => stringify(one)).join('---\n')}`)
      }
    }
    return `${lines.join('\n')}\n\n${texts.join('')}`
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function phaseLines(name: string, phase: Phase, namespace: string, kubectl: (command: string) => string): string[] {
  return [
    `# ${name}, ${phase.state}:`,
    ...(phase.with === undefined ? [] : [kubectl(`apply -n ${namespace} -f ${fileOf(phase.with.path)}`)]),
    ...phase.expect.map(({ says }) => `#   ${says}`),
    ...(phase.with === undefined ? [] : [kubectl(`delete -n ${namespace} -f ${fileOf(phase.with.path)}`)]),
  ]
}

function components(features: readonly Feature[]) {
  const all = features.flatMap(({ on, control }) => [on.with, control.with]).filter((one) => one !== undefined)
  return [...new Map(all.map((component) => [component.path, component])).values()]
}

function fileOf(path: string): string {
  return `${path.replaceAll('/', '-')}.yaml`
}

async function rendered<Result>(render: () => Promise<Result>): Promise<Result | string> {
  try {
    return await render()
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const why = isMissing ? 'there is none on the path' : error instanceof Error ? error.message : String(error)
    return `kubectl could not render the manifests: ${why}`
  }
}
