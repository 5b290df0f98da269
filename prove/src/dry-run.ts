import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { commandLine } from './cluster/command-line.ts'
import type { Component } from './cluster/component.ts'
import { Kubectl } from './cluster/kubectl.ts'
import type { KubeObject } from './cluster/kubernetes-types.ts'
import { componentsOf, difference, Manifests } from './cluster/manifests.ts'
import { systemClock } from './cluster/pace.ts'
import { CannotRun, withKubectl } from './cluster/preflight.ts'
import { resourceFor, rolesFor } from './cluster/roles.ts'
import { RUN_LABEL } from './cluster/run-objects.ts'
import type { Feature, Phase } from './feature.ts'
import { type Batch, batchesOf } from './lanes/batches.ts'
import { laneNamespace } from './lanes/lane.ts'
import type { Options } from './options.ts'
import type { RunOptions } from './run-options.ts'

const COMMAND_MS = 30_000

/** What a run would be given. */
type Given = Pick<RunOptions, 'features' | 'options' | 'launcher' | 'k8s'>

/**
 * What a run would do: its commands in order, what each phase must show, and the manifests. Does not contact a cluster.
 */
export async function dryRun(given: Given): Promise<string> {
  const { features, options } = given
  return withManifests(given, async (manifests) => {
    const files = '# The files that these commands name are printed below.'
    return `${[files, ...commandsOf(features, options)].join('\n')}\n\n${await textOf(manifests, features)}`
  })
}

/**
 * The Role and ClusterRole for these features and this kind of run, as YAML. Does not contact a cluster. Rejects with a
 * CannotRun if kubectl cannot render the manifests: the roles follow from them.
 */
export async function rbac(given: Given): Promise<string> {
  const { options } = given
  return withManifests(given, async (manifests) => {
    const rendered = await withKubectl(() => manifests.renderAll()).catch((error: Error) => {
      if (error instanceof CannotRun) throw error
      throw new CannotRun(
        `kubectl could not render the manifests: ${error.message}. Try a newer kubectl: \`${commandLine('kubectl', ['kustomize', join(given.k8s, 'base')])}\` must work.`,
        { cause: error },
      )
    })
    const roles = rolesFor(rendered.map(resourceFor), options)
    return roles.map((role) => stringify(role, { aliasDuplicateObjects: false })).join('---\n')
  })
}

/** Renders into a temporary folder, which is removed afterwards. */
async function withManifests(
  { features, options, launcher, k8s }: Given,
  use: (manifests: Manifests) => Promise<string>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'prove-dry-run-'))
  try {
    const kubectl = new Kubectl({
      launcher,
      context: undefined,
      clock: systemClock,
      timeoutMs: COMMAND_MS,
      signal: new AbortController().signal,
      onCommand: () => undefined,
    })
    const manifests = new Manifests({ k8s, folder, features, images: options, run: 'RANDOM', kubectl })
    return await use(manifests)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Writes a kubectl command, with the context if one is given. */
type Write = (command: string) => string

function commandsOf(features: readonly Feature[], options: Options): string[] {
  const { inNamespace, context, lanes = 1, keep } = options
  const kubectl: Write = (command) => `kubectl${context === undefined ? '' : ` --context ${context}`} ${command}`
  const first = inNamespace ?? options.namespace ?? 'prove-RANDOM'
  const namespaces = Array.from({ length: lanes }, (_, index) => laneNamespace(first, index))
  return [
    ...namespaces.flatMap((namespace) => [
      ...(inNamespace === undefined ? [kubectl(`create namespace ${namespace}`)] : []),
      kubectl(`apply -n ${namespace} -f base.yaml`),
    ]),
    ...(lanes > 1
      ? ['', `# Each of these features in one of ${namespaces.join(', ')}; which one, the run decides.`]
      : []),
    ...batchesOf(features).flatMap((batch) => batchLines(batch, lanes > 1 ? '"$NAMESPACE"' : first, kubectl)),
    '',
    keep ? `# Kept: ${namespaces.join(', ')}.` : kubectl(removalCommand(namespaces, inNamespace)),
  ]
}

function removalCommand(namespaces: readonly string[], inNamespace: string | undefined): string {
  return inNamespace === undefined
    ? `delete namespace ${namespaces.join(' ')}`
    : `delete deployments,services,serviceaccounts -n ${inNamespace} -l ${RUN_LABEL}=RANDOM`
}

function batchLines({ features: [first, ...others] }: Batch, namespace: string, kubectl: Write): string[] {
  if (first === undefined) return []
  return [
    ...featureLines(first, namespace, kubectl),
    ...others.flatMap(({ name, claim, on, control }) => [
      '',
      `# ${name}: ${claim}`,
      `# Measured at the same time as ${first.name}, by the same commands.`,
      ...stateLines('on', on),
      ...stateLines('control', control),
    ]),
  ]
}

function featureLines({ name, claim, workloads, on, control }: Feature, namespace: string, kubectl: Write): string[] {
  return [
    '',
    `# ${name}: ${claim}`,
    ...Object.entries(workloads).map(([workload, replicas]) =>
      kubectl(`scale -n ${namespace} deployment/${workload} --replicas=${replicas}`),
    ),
    ...phaseLines('on', on, namespace, kubectl),
    ...phaseLines('control', control, namespace, kubectl),
  ]
}

function phaseLines(name: string, phase: Phase, namespace: string, kubectl: Write): string[] {
  const [state = '', ...shown] = stateLines(name, phase)
  const done = phase.with === undefined ? [] : [kubectl(`apply -n ${namespace} -f ${fileOf(phase.with)}`)]
  const undone = phase.with === undefined ? [] : [kubectl(`delete -n ${namespace} -f ${fileOf(phase.with)}`)]
  return [state, ...done, ...shown, ...undone]
}

/** The state of a phase, and what it must show. */
function stateLines(name: string, { state, expect }: Phase): string[] {
  return [`# ${name}, ${state}:`, ...expect.map(({ says }) => `#   ${says}`)]
}

/** The manifests, or why they could not be rendered: the commands are useful without them. */
async function textOf(manifests: Manifests, features: readonly Feature[]): Promise<string> {
  try {
    const base = await manifests.render()
    const texts = [`--- # base.yaml\n${yaml(base)}`]
    for (const component of componentsOf(features)) {
      const { apply } = difference(base, await manifests.render(component))
      texts.push(`--- # ${fileOf(component)}\n${yaml(apply)}`)
    }
    return texts.join('')
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
    const why = isMissing ? 'there is none on the path' : error instanceof Error ? error.message : String(error)
    return `--- # base.yaml\n# kubectl could not render the manifests: ${why}\n`
  }
}

function yaml(objects: readonly KubeObject[]): string {
  return objects.map((one) => stringify(one)).join('---\n')
}

function fileOf({ path }: Component): string {
  return `${path.replaceAll('/', '-')}.yaml`
}
