import { type Command, CommanderError, InvalidArgumentError } from 'commander'

const REGISTRY = /^[A-Za-z0-9.-]+(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/

/** Parses `args`. For `--help` or a mistake, commander prints the text and this throws a CommanderError. */
export function parse<Options extends object>(command: Command, args: readonly string[]): Options {
  command.exitOverride().allowExcessArguments(false).showHelpAfterError()
  command.parse(args, { from: 'user' })
  return command.opts<Options>()
}

/** The exit status for an error of `parse`: 0 for `--help`, 2 for a mistake. Rethrows any other error. */
export function exitStatusOf(error: unknown): number {
  if (!(error instanceof CommanderError)) throw error
  return error.exitCode === 0 ? 0 : 2
}

/** For `argParser`: takes a value that matches, and refuses any other with this advice. */
export function matching(pattern: RegExp, advice: string): (text: string) => string {
  return (text) => {
    if (!pattern.test(text)) throw new InvalidArgumentError(advice)
    return text
  }
}

/** For `argParser`: takes the host of a registry, with a prefix of names if there is one. */
export const registryName = matching(
  REGISTRY,
  'Write host and prefix, the prefix in lower case, without https:// and without a slash at the end.',
)
