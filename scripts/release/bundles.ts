import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { parse } from 'yaml'

/** The folder with the manifests. */
export const K8S = resolve(import.meta.dirname, '../../k8s')

/** One file of a release, and the folder below k8s/ that it is made from. */
export interface Bundle {
  file: string
  folder: string
  kind: 'Kustomization' | 'Component'
}

interface KustomizationFile {
  kind: Bundle['kind']
  patches?: unknown[]
}

/**
 * What a release has as files: the base, each overlay, the prover, and each feature that can be applied beside a running
 * base. A feature that patches an object of the base has an overlay instead.
 */
export function bundles(): Bundle[] {
  const overlays = kustomizationsBelow('overlays')
    // Its images come from a registry that the reader names.
    .filter(({ folder }) => folder !== 'overlays/ecr')
    .map(({ folder, kind }) => ({ file: fileOf(relative('overlays', folder)), folder, kind }))
  const features = kustomizationsBelow('features')
    .filter(({ patches }) => patches === undefined)
    .map(({ folder, kind }) => ({ file: fileOf(`feature-${relative('features', folder)}`), folder, kind }))
  const whole = (folder: string): Bundle => ({ file: fileOf(folder), folder, kind: 'Kustomization' })
  return [whole('base'), ...overlays, ...features, whole('prover')]
}

function kustomizationsBelow(folder: string): (KustomizationFile & { folder: string })[] {
  return readdirSync(join(K8S, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('kustomization.yaml'))
    .toSorted()
    .map((file) => ({
      ...(parse(readFileSync(join(K8S, folder, file), 'utf8')) as KustomizationFile),
      folder: join(folder, dirname(file)),
    }))
}

const fileOf = (name: string) => `${name.replaceAll(/[\\/]/g, '-')}.yaml`
