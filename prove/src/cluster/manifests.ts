import { mkdir, realpath, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { parseAllDocuments, stringify } from 'yaml'
import type { Feature } from '../feature.ts'
import type { Component } from './component.ts'
import type { Kubectl } from './kubectl.ts'
import { idOf, isDeployment, type KubeObject } from './kubernetes-types.ts'
import { labelled } from './run-objects.ts'

export interface ManifestOptions {
  /** The repository's k8s folder. */
  k8s: string
  /** Folder where the applied manifests are kept. */
  folder: string
  /** The features to prove: they need workloads in addition to those of the base. */
  features: readonly Pick<Feature, 'workloads' | 'on' | 'control'>[]
  images: ImageNames
  /** Name of the run: the value of the label on every object. */
  run: string
  kubectl: Kubectl
}

/** Where the images come from. */
export interface ImageNames {
  registry: string | undefined
  tag: string
}

/** `consumer` → `consumer:1.0`, or `ghcr.io/me/consumer-linkerd:1.0`: the names that `npm run images` gives. */
export function imageOf(service: string, { registry, tag }: ImageNames): string {
  return registry === undefined ? `${service}:${tag}` : `${registry.replace(/\/+$/, '')}/${service}-linkerd:${tag}`
}

/** How composing a component changes the base: objects to apply, and objects to delete to undo it. */
export interface Difference {
  apply: KubeObject[]
  remove: KubeObject[]
}

/** The workloads of k8s/base; the others are below k8s/workloads. */
export const BASE_WORKLOADS: readonly string[] = ['consumer-v1', 'provider-v1']

/** Workloads with this label share one Service: those that a feature does not name must have no pods. */
const SHARED_LABEL = { name: 'app', value: 'provider' } as const

export function isShared({ labels }: KubeObject['metadata']): boolean {
  return labels?.[SHARED_LABEL.name] === SHARED_LABEL.value
}

/** Renders the base, the workloads and at most one feature with `kubectl kustomize`, as a user would. */
export class Manifests {
  readonly #options: ManifestOptions
  readonly #rendered: Map<string, Promise<KubeObject[]>>

  constructor(options: ManifestOptions, rendered = new Map<string, Promise<KubeObject[]>>()) {
    this.#options = options
    this.#rendered = rendered
  }

  /** The same manifests for another namespace, with a folder of its own. What one has rendered the others use as well. */
  with(change: Pick<ManifestOptions, 'folder' | 'kubectl'>): Manifests {
    return new Manifests({ ...this.#options, ...change }, this.#rendered)
  }

  /** The base and the workloads, composed with the component if one is given. */
  render(component?: Component): Promise<KubeObject[]> {
    const key = component?.path ?? ''
    const rendered = this.#rendered.get(key) ?? this.#render(component)
    this.#rendered.set(key, rendered)
    return rendered
  }

  /** Every object that a run may apply: of the base, and of the base composed with each component of the features. */
  async renderAll(): Promise<KubeObject[]> {
    const all = [undefined, ...componentsOf(this.#options.features)].map((one) => this.render(one))
    // Also when one has failed: the others still write into their folder, which the caller may remove.
    await Promise.allSettled(all)
    const rendered = await Promise.all(all)
    return [...new Map(rendered.flat().map((object) => [`${object.apiVersion} ${idOf(object)}`, object])).values()]
  }

  /** Writes objects to a file, for a single `kubectl apply -f` that can be repeated. */
  async write(name: string, objects: readonly KubeObject[]): Promise<string> {
    const file = join(this.#options.folder, `${name}.yaml`)
    await mkdir(this.#options.folder, { recursive: true })
    await writeFile(file, yamlOf(objects))
    return file
  }

  async #render(component: Component | undefined): Promise<KubeObject[]> {
    const { k8s, folder, features, images, run, kubectl } = this.#options
    const own = join(folder, 'kustomize', component === undefined ? 'base' : component.path.replaceAll('/', '-'))
    await mkdir(own, { recursive: true })
    const to = async (path: string) => {
      // kustomize only takes relative paths, and resolves them from the target of a symbolic link.
      const way = relative(await realpath(own), join(await realpath(k8s), path))
      return way.split(sep).join('/')
    }
    const kustomization = {
      apiVersion: 'kustomize.config.k8s.io/v1beta1',
      kind: 'Kustomization',
      resources: await Promise.all(
        ['base', ...beside(features, component?.brings ?? []).map((name) => `workloads/${name}`)].map(to),
      ),
      components: await Promise.all([...(component ? [component.path] : []), 'components/faults'].map(to)),
    }
    await writeFile(join(own, 'kustomization.yaml'), stringify(kustomization))
    const objects = parseAllDocuments(await kubectl.run(['kustomize', own])).map(
      (document) => document.toJS() as KubeObject,
    )
    for (const object of objects.filter(isDeployment)) {
      for (const container of object.spec.template.spec.containers) container.image = imageOf(container.name, images)
    }
    return labelled(objects, run)
  }
}

/** The components that the features are composed with, each once. */
export function componentsOf(features: readonly Pick<Feature, 'on' | 'control'>[]): Component[] {
  const all = features.flatMap(({ on, control }) => [on.with, control.with]).filter((one) => one !== undefined)
  return [...new Map(all.map((component) => [component.path, component])).values()]
}

/** The objects as the text of one file. */
export function yamlOf(objects: readonly KubeObject[]): string {
  return objects.map((object) => stringify(object)).join('---\n')
}

/** Folders below k8s/workloads that the features need and that the component does not include itself. */
function beside(features: ManifestOptions['features'], brought: readonly string[]): string[] {
  const needed = new Set(features.flatMap(({ workloads }) => Object.keys(workloads)))
  return [...needed].filter((name) => !BASE_WORKLOADS.includes(name) && !brought.includes(name)).sort()
}

/** The difference between two renderings, by kind and name. */
export function difference(from: readonly KubeObject[], to: readonly KubeObject[]): Difference {
  const was = new Map(from.map((object) => [idOf(object), object]))
  const is = new Set(to.map(idOf))
  return {
    apply: to.filter((object) => JSON.stringify(was.get(idOf(object))) !== JSON.stringify(object)),
    remove: from.filter((object) => !is.has(idOf(object))),
  }
}
