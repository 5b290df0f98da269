import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { LocalPorts } from './local-ports.ts'
import { printedName } from './stand-in/printed-names.ts'
import { serveToShells } from './stand-in/server.ts'

/** The cluster that the guides run against. */
export interface GuideCluster extends AsyncDisposable {
  /** Whether it has a real mesh, and `linkerd` is on the PATH. */
  isReal: boolean
  /** Variables for the shells. */
  environment: Record<string, string>
  ports: LocalPorts
  /** How long a command may take. */
  timeoutMs: number
  /** How long a change may take until calls show it. */
  settleMs: number
  /** What is applied in a namespace, to see that a guide undoes what it did. */
  applied: (namespace: string) => Promise<string[]>
}

/** A stand-in mesh; with `GUIDES_CONTEXT`, the cluster of that kubectl context. */
export function startCluster(): Promise<GuideCluster> {
  const context = process.env['GUIDES_CONTEXT']
  return context === undefined ? standIn() : realCluster(context)
}

async function standIn(): Promise<GuideCluster> {
  const served = await serveToShells()
  return {
    isReal: false,
    environment: served.environment,
    ports: new LocalPorts(),
    timeoutMs: 60_000,
    settleMs: 0,
    applied: async (namespace) => {
      const objects = served.cluster
        .in(namespace)
        .applied.map((object) => `${printedName(object)} ${JSON.stringify(object)}`)
      const pods = served.cluster.pods(namespace).filter((pod) => pod.ready && !pod.terminating)
      const faults = await Promise.all(
        pods.map(async (pod) => `pod of ${pod.options.deployment}: ${await faultsOf(pod.adminPort)}`),
      )
      return [...objects, ...faults].toSorted()
    },
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  }
}

/** The guides set the namespace of the current context, so they get a kubeconfig of their own. */
async function realCluster(context: string): Promise<GuideCluster> {
  const folder = await mkdtemp(join(tmpdir(), 'guides-'))
  const KUBECONFIG = join(folder, 'config')
  const { stdout } = await execa('kubectl', ['config', 'view', '--raw', '--minify', '--flatten', '--context', context])
  await writeFile(KUBECONFIG, stdout, { mode: 0o600 })
  await execa('kubectl', ['config', 'use-context', context], { env: { KUBECONFIG } })
  const kinds =
    'deployment,service,httproute,server,authorizationpolicy,meshtlsauthentication,egressnetwork,httplocalratelimitpolicy'
  return {
    isReal: true,
    environment: { KUBECONFIG, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` },
    ports: new LocalPorts(),
    timeoutMs: 300_000,
    settleMs: 30_000,
    applied: async (namespace) => {
      const columns = '-o=custom-columns=KIND:.kind,NAME:.metadata.name,REPLICAS:.spec.replicas,RULES:.spec.rules'
      const { stdout: table } = await execa('kubectl', ['-n', namespace, 'get', kinds, columns], {
        env: { KUBECONFIG },
      })
      return table.split('\n')
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

async function faultsOf(adminPort: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${adminPort}/faults`)
  return JSON.stringify(((await answer.json()) as { admin?: { text: string } }).admin?.text ?? '')
}
