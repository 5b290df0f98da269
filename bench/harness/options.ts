import { Command, InvalidArgumentError } from 'commander'
import { parse } from '../../scripts/command-line.ts'

export interface Options {
  quick: boolean
  cases: string[]
  pairs: number
  seconds: number
  json: string | undefined
  enforce: boolean
  list: boolean
}

interface Parsed extends Omit<Options, 'cases' | 'pairs' | 'seconds'> {
  case: string[]
  pairs?: number
  seconds?: number
}

const benchCommand = () =>
  new Command('npm run bench --')
    .description('Measures the services, and bare servers that give the same answers.')
    .option('--quick', 'a first impression, within 90 seconds; its ratios may be off by a tenth', false)
    .option('--case <name>', 'this case only; may be given several times', (name, all: string[]) => [...all, name], [])
    .option('--pairs <n>', 'pairs of measurements for each case (default: 7, with --quick 3)', wholeNumber)
    .option('--seconds <s>', 'length of one measurement (default: 3, with --quick 1)', wholeNumber)
    .option('--json <file>', 'writes all figures to this file as well')
    .option('--enforce', 'exit status 1 where a figure misses its limit', false)
    .option('--list', 'lists the cases', false)
    .addHelpText('after', '\nExit status: 1 if an answer was wrong or a case failed, 2 for a wrong option.')

/** Parses the command line. Throws a CommanderError after printing the reason, also for `--help`. */
export function readOptions(args: readonly string[], command = benchCommand()): Options {
  const {
    case: cases,
    quick,
    pairs = quick ? 3 : 7,
    seconds = quick ? 1 : 3,
    json,
    enforce,
    list,
  } = parse<Parsed>(command, args)
  return { quick, cases, pairs, seconds, json, enforce, list }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 9999.')
  return Number(text)
}
