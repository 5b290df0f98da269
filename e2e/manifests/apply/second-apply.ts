import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { execa } from 'execa'
import { stringify } from 'yaml'
import type { KubeObject } from '../kube-object.ts'
import { ApiServer, type Patch } from './api-server.ts'

const CLUSTER_WIDE = new Set(['ClusterRole', 'ClusterRoleBinding', 'Namespace'])

/**
 * kubectl sends this field every time, changed or not: its patch strategy is `replace`. Nothing changes in the cluster.
 */
function isSentAnyway({ path, patch }: Patch, objects: readonly KubeObject[]): boolean {
  const budgets = objects.filter(({ kind }) => kind === 'PodDisruptionBudget')
  return budgets.some((budget) => {
    const { metadata, spec } = budget as KubeObject & { spec: { selector: unknown } }
    const isIts = path.endsWith(`/namespaces/${metadata.namespace}/poddisruptionbudgets/${metadata.name}`)
    return isIts && isDeepStrictEqual(patch, { spec: { selector: spec.selector } })
  })
}

/**
 * Applies objects twice with the real kubectl, and returns what the second time would change: the patches that kubectl
 * computed between the manifest and the stored object, by strategic merge (`$retainKeys` included) or, for custom
 * resources, by JSON merge. Empty if the second apply says `unchanged`.
 */
export async function secondApply(objects: readonly KubeObject[], namespace = 'default'): Promise<Patch[]> {
  const items = objects.map((object) =>
    CLUSTER_WIDE.has(object.kind) ? object : { ...object, metadata: { namespace, ...object.metadata } },
  )
  const server = new ApiServer()
  const folder = await mkdtemp(join(tmpdir(), 'second-apply-'))
  try {
    const address = await server.listen(items)
    const file = join(folder, 'objects.yaml')
    await writeFile(file, items.map((item) => stringify(item)).join('---\n'))
    const args = ['apply', '--validate=false', '-f', file, '--server', address, '--cache-dir', join(folder, 'cache')]
    const env = { KUBECONFIG: join(folder, 'none') }
    await execa('kubectl', args, { env })
    const { stdout } = await execa('kubectl', args, { env })
    const lines = stdout.split('\n')
    if (lines.length !== items.length) throw new Error(`kubectl applied ${lines.length} of ${items.length}: ${stdout}`)
    const changed = lines.filter((line) => !line.endsWith(' unchanged'))
    if (changed.length !== server.patches.length) throw new Error(`kubectl sent no patch for ${changed.join(', ')}`)
    return server.patches.filter((patch) => !isSentAnyway(patch, items))
  } finally {
    await server.close()
    await rm(folder, { recursive: true, force: true })
  }
}
