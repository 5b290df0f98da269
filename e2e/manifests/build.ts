import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { parse } from 'yaml'
import { type KubeObject, readObjects } from './kube-object.ts'

/** The folder with the manifests. */
export const MANIFESTS = resolve(import.meta.dirname, '../../k8s')

/** Whether kubectl is available for building. */
export const hasKubectl = spawnSync('kubectl', ['version', '--client']).status === 0

/** The reason to skip a test without it. */
export const NO_KUBECTL = 'no kubectl on the PATH'

/** A folder that kustomize can build, by its path below k8s/. */
export interface Kustomization {
  path: string
  kind: 'Kustomization' | 'Component'
}

/** Every folder below k8s/ that has a kustomization. */
export function findKustomizations(): Kustomization[] {
  return filesBelow(MANIFESTS)
    .filter((file) => file.endsWith('kustomization.yaml'))
    .map((file) => {
      const { kind } = parse(readFileSync(join(MANIFESTS, file), 'utf8')) as { kind: Kustomization['kind'] }
      return { path: dirname(file), kind }
    })
}

/** The files below a folder, as paths relative to it. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted()
}

/**
 * What `kubectl apply -k` would send for folders below k8s/: `resources`, and `components` on top of them. Throws with
 * kubectl's error message if they do not build.
 */
export function build({ resources, components }: { resources: string[]; components: string[] }): KubeObject[] {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'))
  try {
    // Relative, because kustomize takes no absolute path; and from the real folder, with links resolved.
    const from = (paths: string[]) =>
      paths.map((path) => relative(realpathSync(folder), join(realpathSync(MANIFESTS), path)))
    const kustomization = { resources: from(resources), components: from(components) }
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization))
    return kustomize(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * What `kubectl apply -k` would send for one folder alone. Throws with kubectl's error message if it does not build.
 */
export function kustomize(folder: string): KubeObject[] {
  const { status, stdout, stderr } = spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return readObjects(stdout)
}
