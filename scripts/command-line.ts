import { type Command, CommanderError } from 'commander'

/** Reads `args`; for `--help` and for a mistake, both of which commander has printed by then, throws a CommanderError. */
export function parse<Options extends object>(command: Command, args: readonly string[]): Options {
  command.exitOverride().allowExcessArguments(false).showHelpAfterError()
  command.parse(args, { from: 'user' })
  return command.opts<Options>()
}

/** The exit status that goes with an error of `parse`: 0 for `--help`, 2 for a mistake. Throws any other error again. */
export function exitStatusOf(error: unknown): number {
  if (!(error instanceof CommanderError)) throw error
  return error.exitCode === 0 ? 0 : 2
}
