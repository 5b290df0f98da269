import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { parse } from 'yaml'
import { type KubeObject, readObjects } from './kube-object.ts'

/** The folder with the manifests. */
export const MANIFESTS = resolve(import.meta.dirname, '../../k8s')

/** Whether there is a kubectl to build with. */
export const hasKubectl = (): boolean => spawnSync('kubectl', ['version', '--client']).status === 0

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

/** What `kubectl apply -k` would send for a folder below k8s/. Throws with kubectl's words where it does not build. */
export function build(path: string): KubeObject[] {
  return kustomize(join(MANIFESTS, path))
}

/** What a person gets who composes folders below k8s/: `resources` first, then `components` over them. */
export function compose({ resources, components }: { resources: string[]; components: string[] }): KubeObject[] {
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'))
  try {
    // Relative, because kustomize takes no absolute path.
    const from = (paths: string[]) => paths.map((path) => relative(folder, join(MANIFESTS, path)))
    const kustomization = { resources: from(resources), components: from(components) }
    writeFileSync(join(folder, 'kustomization.yaml'), JSON.stringify(kustomization))
    return kustomize(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function kustomize(folder: string): KubeObject[] {
  return readObjects(execFileSync('kubectl', ['kustomize', folder], { encoding: 'utf8', stdio: 'pipe' }))
}
