import { join } from 'node:path'
import type { ClusterTool, MeshOptions } from './options.ts'

/** The release in the cluster that was measured. Linkerd needs these definitions before its own. */
const GATEWAY_API = 'https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.4.1/standard-install.yaml'
const TAG = '1.0'

export type CommandLine = readonly [program: string, ...args: string[]]

/** One command, or two with a pipe between them. */
export interface Step {
  says: string
  command: CommandLine
  into?: CommandLine
  /** Path of the file that takes what the command prints. */
  file?: string
}

/** A required tool, how to check that it works, and where to get it. */
export interface Tool {
  check: CommandLine
  missing: string
}

/** The tools that this machine needs. */
export function tools(cluster: ClusterTool): Tool[] {
  const makers: Record<ClusterTool, Tool> = {
    kind: {
      check: ['kind', 'version'],
      missing: 'There is no kind on the PATH: https://kind.sigs.k8s.io/docs/user/quick-start/ says how to get it.',
    },
    k3d: {
      check: ['k3d', 'version'],
      missing: 'There is no k3d on the PATH: https://k3d.io says how to get it.',
    },
  }
  return [
    {
      check: ['docker', 'version', '--format', '{{.Server.Version}}'],
      missing: 'No Docker engine answers: install Docker Engine or Docker Desktop, and start it.',
    },
    makers[cluster],
    {
      check: ['kubectl', 'version', '--client'],
      missing: 'There is no kubectl on the PATH: https://kubernetes.io/docs/tasks/tools/ says how to get it.',
    },
    {
      check: ['linkerd', 'version', '--client', '--short'],
      missing: 'There is no linkerd on the PATH: https://linkerd.io/getting-started/ says how to get it.',
    },
  ]
}

/** Prints the clusters that there are, each with its name at the beginning of a line. */
export function clusters({ cluster }: MeshOptions): CommandLine {
  return cluster === 'kind' ? ['kind', 'get', 'clusters'] : ['k3d', 'cluster', 'list', '--no-headers']
}

/** Creates the cluster. */
export function createCluster({ cluster, name }: MeshOptions): Step {
  const says = `Making the cluster ${name} with ${cluster}`
  if (cluster === 'kind') return { says, command: ['kind', 'create', 'cluster', '--name', name, '--wait', '180s'] }
  // Nothing here uses its ingress, which would take memory.
  const args = ['cluster', 'create', name, '--wait', '--timeout', '180s', '--k3s-arg', '--disable=traefik@server:*']
  return { says, command: ['k3d', ...args] }
}

export function deleteCluster({ cluster, name }: MeshOptions): Step {
  const command: CommandLine =
    cluster === 'kind' ? ['kind', 'delete', 'cluster', '--name', name] : ['k3d', 'cluster', 'delete', name]
  return { says: `Removing the cluster ${name}`, command }
}

/** Installs Linkerd in the new cluster and loads the images onto its nodes. */
export function setUp({ cluster, name, job }: MeshOptions): Step[] {
  const images = ['consumer', 'provider', ...(job ? ['prover'] : [])]
  const tagged = images.map((image) => `${image}:${TAG}`)
  const context = `--context=${cluster}-${name}`
  const apply: CommandLine = ['kubectl', context, 'apply', '-f', '-']
  const load: CommandLine =
    cluster === 'kind'
      ? ['kind', 'load', 'docker-image', ...tagged, '--name', name]
      : ['k3d', 'image', 'import', ...tagged, '--cluster', name]
  return [
    { says: 'Building the images', command: ['node', 'scripts/images.ts', ...images, '--tag', TAG] },
    { says: 'Loading the images', command: load },
    {
      says: 'Installing the Gateway API',
      command: ['kubectl', context, 'apply', '--server-side', '-f', GATEWAY_API],
    },
    { says: 'Checking the cluster', command: ['linkerd', context, 'check', '--pre'] },
    { says: "Installing Linkerd's definitions", command: ['linkerd', context, 'install', '--crds'], into: apply },
    { says: 'Installing Linkerd', command: ['linkerd', context, 'install'], into: apply },
    { says: 'Waiting for Linkerd', command: ['linkerd', context, 'check', '--wait', '5m'] },
  ]
}

/** The prover's run, in which no feature may be skipped. */
export function prove({ cluster, name, reports }: MeshOptions): Step {
  const file = (ending: string) => join(reports, `prove.${ending}`)
  return {
    says: 'Proving',
    command: [
      'node',
      'prove/src/cli.ts',
      ...['--context', `${cluster}-${name}`, '--yes', '--require', 'all', '--tag', TAG],
      ...['--json', file('json'), '--junit', file('xml'), '--markdown', file('md'), '--html', file('html')],
      ...['--out', join(reports, 'evidence')],
    ],
  }
}
