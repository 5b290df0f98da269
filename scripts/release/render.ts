import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { execa } from 'execa'
import { stringify } from 'yaml'
import { IMAGES } from '../images/options.ts'
import { type Bundle, K8S } from './bundles.ts'

/** The images of a release: REGISTRY/provider-linkerd:VERSION and so on. */
export interface Release {
  registry: string
  version: string
}

/**
 * One file of a release: what `kubectl apply -k` would send for its folder, with the images of the release. Throws with
 * kubectl's message if the folder does not build.
 */
export async function render({ folder, kind }: Bundle, release: Release): Promise<string> {
  const own = await mkdtemp(join(tmpdir(), 'release-'))
  try {
    // kustomize only takes relative paths, and resolves them from the target of a symbolic link.
    const path = relative(await realpath(own), join(await realpath(K8S), folder))
    const kustomization = {
      [kind === 'Component' ? 'components' : 'resources']: [path.split(sep).join('/')],
      images: Object.keys(IMAGES).map((image) => ({
        name: image,
        newName: `${release.registry}/${image}-linkerd`,
        newTag: release.version,
      })),
      patches: folder === 'prover' ? [proverImages(release)] : [],
    }
    await writeFile(join(own, 'kustomization.yaml'), stringify(kustomization))
    const { stdout } = await execa('kubectl', ['kustomize', own])
    return `# linkerd-scenario ${release.version}, made from k8s/${folder}.\n${stdout}\n`
  } finally {
    await rm(own, { recursive: true })
  }
}

/** The prover starts the services itself, so it has to know where their images are. */
function proverImages({ registry, version }: Release): object {
  const operations = [`--registry=${registry}`, `--tag=${version}`].map((value) => ({
    op: 'add',
    path: '/spec/template/spec/containers/0/args/-',
    value,
  }))
  return { target: { kind: 'Job', name: 'prover' }, patch: stringify(operations) }
}
