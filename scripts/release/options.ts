import { Command, Option } from 'commander'
import { matching, parse, registryName } from '../command-line.ts'

/** The parsed options of `npm run manifests`. */
export interface ManifestOptions {
  registry: string
  version: string
  out: string
}

const VERSION = /^\d+\.\d+(\.\d+)?(-[0-9A-Za-z.-]+)?$/

/** The options and their help. */
export const manifestsCommand = () =>
  new Command('npm run manifests --')
    .description('Writes the manifests as files that `kubectl apply -f` takes, with the images of a release.')
    .addOption(
      new Option('--registry <host/prefix>', 'where the images are, for instance ghcr.io/me')
        .makeOptionMandatory()
        .argParser(registryName),
    )
    .addOption(
      new Option('--version <version>', 'the tag of the images, for instance 1.2.3')
        .makeOptionMandatory()
        .argParser(matching(VERSION, 'Write a version such as 1.2.3, without a v.')),
    )
    .option('--out <folder>', 'where to write them', 'release')

/** Parses the command line. Throws a CommanderError after printing the reason, also for `--help`. */
export function readOptions(args: readonly string[], command = manifestsCommand()): ManifestOptions {
  return parse<ManifestOptions>(command, args)
}
