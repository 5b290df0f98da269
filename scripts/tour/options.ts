import { Command, InvalidArgumentError, Option } from 'commander'
import { parse } from '../command-line.ts'
import { LANGUAGES, type Language } from './step.ts'

/** The parsed options of `npm run tour`. */
export interface TourOptions {
  lang: Language
  dryRun: boolean
  /** Runs each step by itself. */
  yes: boolean
  /** With `yes`, seconds before each command and after it. */
  pace: number
  /** The kubectl context; undefined means the current one. */
  context?: string
  /** The consumer's port on this machine; its admin port is the next one. */
  port: number
  /** Takes back what a tour that was left did, and does nothing else. */
  undo: boolean
  /** Begins anew, whatever the state file says. */
  restart: boolean
}

export const tourCommand = (env: NodeJS.ProcessEnv) =>
  new Command('npm run tour --')
    .description('Shows what Linkerd does, one command at a time, on the cluster that kubectl points at.')
    .addOption(new Option('--lang <language>', 'language').choices(LANGUAGES).default(languageOf(env), 'as LANG says'))
    .option('--dry-run', 'prints all steps, and runs nothing', false)
    .option('--yes', 'runs the steps by itself, without asking', false)
    .addOption(
      new Option('--pace <seconds>', 'with --yes: pause before and after each command').default(4).argParser(seconds),
    )
    .option('--context <name>', 'kubectl context', undefined)
    .addOption(
      new Option('--port <number>', "the consumer's port here; its admin port is the next")
        .default(6000)
        .argParser(port),
    )
    .option('--undo', 'takes back what a tour that was left has done, and ends', false)
    .option('--restart', 'begins anew', false)

/** Parses the command line. Throws a CommanderError, for `--help` as well, after printing the reason. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv, command = tourCommand(env)): TourOptions {
  return parse<TourOptions>(command, args)
}

/** The language of the terminal, by the variables of POSIX in their order; English where we do not speak it. */
function languageOf(env: NodeJS.ProcessEnv): Language {
  const set = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || ''
  return LANGUAGES.find((language) => set.startsWith(language)) ?? 'en'
}

function seconds(text: string): number {
  const value = Number(text)
  if (text === '' || !(value >= 0 && value <= 600)) throw new InvalidArgumentError('Write seconds from 0 to 600.')
  return value
}

function port(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 65_534)
    throw new InvalidArgumentError('Write a port from 1 to 65534.')
  return value
}
