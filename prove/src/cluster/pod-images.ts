import type { PodObject } from './kubernetes-types.ts'
import { PROXY } from './mesh-facts.ts'

const DIGEST = /sha256:[0-9a-f]+/

/** The image of a service or of a proxy in a pod. */
export interface PodImage {
  /** As the pod names it. */
  image: string
  isProxy: boolean
  /** What the node has pulled or was given, `sha256:…`; undefined if the pod does not say. */
  digest: string | undefined
}

/** The images of a pod's service and of its proxy, if it has one. */
export function podImages({ spec, status }: PodObject): PodImage[] {
  const proxies = (spec.initContainers ?? []).filter(({ name }) => name === PROXY)
  const statuses = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
  return [...proxies, ...spec.containers].flatMap(({ name, image }) => {
    const [digest] = DIGEST.exec(statuses.find((one) => one.name === name)?.imageID ?? '') ?? []
    return image === undefined ? [] : [{ image, isProxy: name === PROXY, digest }]
  })
}

/** The images of the proxies, sorted; and what each image of these pods was, by its name. */
export function imageFacts(images: readonly PodImage[]): { proxies: string[]; digests: Record<string, string> } {
  const proxies = new Set(images.filter(({ isProxy }) => isProxy).map(({ image }) => image))
  const byName = Map.groupBy(images, ({ image }) => image)
  const digests = [...byName].flatMap(([image, same]) => {
    const different = new Set(same.flatMap(({ digest }) => digest ?? []))
    return different.size === 0 ? [] : [[image, [...different].sort().join(', ')] as const]
  })
  return { proxies: [...proxies].sort(), digests: Object.fromEntries(digests) }
}
