import { parseArgs } from 'node:util'

const IMAGE_TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/
const IMAGE_NAME = /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/
const REGISTRY = /^[A-Za-z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/

export const SERVICES = ['provider', 'consumer'] as const
export type Service = (typeof SERVICES)[number]

/** What `npm run images` was asked to do. */
export interface ImageOptions {
  help: boolean
  tag: string
  /** Host and prefix to push to; undefined builds only. */
  registry: string | undefined
  /** The name in the registry, of each service. */
  names: Record<Service, string>
  baseImage: string | undefined
  platform: string | undefined
}

/** A command line that cannot be followed; the message says why. */
export class UsageError extends Error {}

export const usage = `npm run images -- [options]     builds the images provider:TAG and consumer:TAG

  --tag TAG               default 1.0
  --push                  tags and pushes them as well, and prints their digests
  --registry HOST/PREFIX  where to push, for instance 123456789012.dkr.ecr.eu-west-1.amazonaws.com
  --name SERVICE=NAME     name in the registry, once a service; default provider-linkerd and consumer-linkerd
  --base-image IMAGE      builds with and on this image, in place of node:24-bookworm-slim
  --platform OS/ARCH      builds for another platform than the engine's
  --help`

/** Reads the command line. Throws a UsageError. */
export function readOptions(args: readonly string[]): ImageOptions {
  const { values } = parse(args)
  const { help = false, push = false, registry, tag = '1.0', name = [], platform } = values
  const baseImage = values['base-image']
  if (!IMAGE_TAG.test(tag)) throw new UsageError(`--tag ${JSON.stringify(tag)} is no tag of an image`)
  if (push && registry === undefined) throw new UsageError('--push needs --registry HOST/PREFIX')
  if (!push && registry !== undefined) throw new UsageError('--registry says where to push: add --push')
  if (registry !== undefined && !REGISTRY.test(registry)) {
    throw new UsageError(
      `--registry ${JSON.stringify(registry)} is no host and prefix: write it without https:// and without a slash at its end`,
    )
  }
  if (baseImage === '' || platform === '') throw new UsageError('--base-image and --platform need a value')
  return { help, tag, registry, names: readNames(name), baseImage, platform }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        push: { type: 'boolean' },
        registry: { type: 'string' },
        tag: { type: 'string' },
        name: { type: 'string', multiple: true },
        'base-image': { type: 'string' },
        platform: { type: 'string' },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function readNames(pairs: readonly string[]): Record<Service, string> {
  const names = { provider: 'provider-linkerd', consumer: 'consumer-linkerd' }
  for (const pair of pairs) {
    const [, key, name = ''] = /^([^=]*)=(.*)$/.exec(pair) ?? []
    const service = SERVICES.find((known) => known === key)
    if (service === undefined || !IMAGE_NAME.test(name)) {
      throw new UsageError(
        `--name ${JSON.stringify(pair)}: write provider=NAME or consumer=NAME, the name in lower case`,
      )
    }
    names[service] = name
  }
  return names
}
