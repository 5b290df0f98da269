import { Argument, Command, InvalidArgumentError, Option } from 'commander'
import { matching, parse, registryName } from '../command-line.ts'

const IMAGE_TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/
const IMAGE_NAME = /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/

/** The images, each with the folder of its Dockerfile. */
export const IMAGES = { provider: 'services/provider', consumer: 'services/consumer', prover: 'prove' } as const
export type Image = keyof typeof IMAGES
const ALL = Object.keys(IMAGES) as Image[]
type Names = Record<Image, string>

/** The parsed options of `npm run images`. */
export interface ImageOptions {
  /** What to build. */
  images: readonly Image[]
  tag: string
  /** Host and prefix to push to; undefined only builds. */
  registry: string | undefined
  /** The name of each image in the registry. */
  names: Names
  baseImage?: string
  /** The image from which the prover's image copies kubectl. */
  kubectlImage?: string
  platform?: string
}

interface Parsed extends Omit<ImageOptions, 'names' | 'images'> {
  push: boolean
  name: Names
}

/** The options, their help and their valid values. */
export const imagesCommand = () =>
  new Command('npm run images --')
    .description('Builds the images provider:TAG, consumer:TAG and prover:TAG.')
    .addArgument(new Argument('[images...]', 'which of them; all without').choices(ALL).default(ALL, 'all'))
    .addOption(new Option('--tag <tag>').default('1.0').argParser(matching(IMAGE_TAG, 'It is not an image tag.')))
    .option('--push', 'tags and pushes them as well, and prints their digests', false)
    .addOption(
      new Option(
        '--registry <host/prefix>',
        'where to push, for instance 123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      ).argParser(registryName),
    )
    .addOption(
      new Option('--name <image=name>', 'name in the registry, once for each image')
        .default(Object.fromEntries(ALL.map((image) => [image, `${image}-linkerd`])), 'IMAGE-linkerd')
        .argParser(withName),
    )
    .option('--base-image <image>', 'builds with and on this image instead of node:24-bookworm-slim', notEmpty)
    .option('--kubectl-image <image>', 'takes /bin/kubectl of the prover from this image', notEmpty)
    .option('--platform <os/arch>', "builds for another platform than the engine's", notEmpty)

/** Parses the command line. Throws a CommanderError after printing the reason, also for `--help`. */
export function readOptions(args: readonly string[], command = imagesCommand()): ImageOptions {
  const { push, name, registry, ...options } = parse<Parsed>(command, args)
  if (push && registry === undefined) command.error('--push needs --registry HOST/PREFIX')
  if (!push && registry !== undefined) command.error('--registry says where to push: add --push')
  return { ...options, images: command.processedArgs[0] as Image[], registry, names: name }
}

const notEmpty = matching(/./, 'It needs a value.')

function withName(pair: string, names: Names): Names {
  const [, key, name = ''] = /^([^=]*)=(.*)$/.exec(pair) ?? []
  const image = ALL.find((known) => known === key)
  if (image === undefined || !IMAGE_NAME.test(name)) {
    throw new InvalidArgumentError('Write provider=NAME, consumer=NAME or prover=NAME, the name in lower case.')
  }
  return { ...names, [image]: name }
}
