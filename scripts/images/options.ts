import { Command, InvalidArgumentError, Option } from 'commander'
import { parse } from '../command-line.ts'

const IMAGE_TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/
const IMAGE_NAME = /^[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/
const REGISTRY = /^[A-Za-z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/

export const SERVICES = ['provider', 'consumer'] as const
export type Service = (typeof SERVICES)[number]
type Names = Record<Service, string>

/** What `npm run images` was asked to do. */
export interface ImageOptions {
  tag: string
  /** Host and prefix to push to; undefined builds only. */
  registry: string | undefined
  /** The name in the registry, of each service. */
  names: Names
  baseImage?: string
  platform?: string
}

interface Parsed extends Omit<ImageOptions, 'names'> {
  push: boolean
  name: Names
}

/** The options, their help and what each value must look like. */
export const imagesCommand = () =>
  new Command('npm run images --')
    .description('Builds the images provider:TAG and consumer:TAG.')
    .addOption(new Option('--tag <tag>').default('1.0').argParser(matching(IMAGE_TAG, 'It is no tag of an image.')))
    .option('--push', 'tags and pushes them as well, and prints their digests', false)
    .addOption(
      new Option(
        '--registry <host/prefix>',
        'where to push, for instance 123456789012.dkr.ecr.eu-west-1.amazonaws.com',
      ).argParser(matching(REGISTRY, 'Write host and prefix, without https:// and without a slash at the end.')),
    )
    .addOption(
      new Option('--name <service=name>', 'name in the registry, once for each service')
        .default({ provider: 'provider-linkerd', consumer: 'consumer-linkerd' }, 'SERVICE-linkerd')
        .argParser(withName),
    )
    .option('--base-image <image>', 'builds with and on this image instead of node:24-bookworm-slim', notEmpty)
    .option('--platform <os/arch>', "builds for another platform than the engine's", notEmpty)

/** Reads the command line. Throws a CommanderError, for `--help` as well, once the reason is printed. */
export function readOptions(args: readonly string[], command = imagesCommand()): ImageOptions {
  const { push, name, registry, ...options } = parse<Parsed>(command, args)
  if (push && registry === undefined) command.error('--push needs --registry HOST/PREFIX')
  if (!push && registry !== undefined) command.error('--registry says where to push: add --push')
  return { ...options, registry, names: name }
}

function matching(pattern: RegExp, advice: string): (text: string) => string {
  return (text) => {
    if (!pattern.test(text)) throw new InvalidArgumentError(advice)
    return text
  }
}

const notEmpty = matching(/./, 'It needs a value.')

function withName(pair: string, names: Names): Names {
  const [, key, name = ''] = /^([^=]*)=(.*)$/.exec(pair) ?? []
  const service = SERVICES.find((known) => known === key)
  if (service === undefined || !IMAGE_NAME.test(name)) {
    throw new InvalidArgumentError('Write provider=NAME or consumer=NAME, the name in lower case.')
  }
  return { ...names, [service]: name }
}
