import { parseArgs } from 'node:util'

export interface Options {
  quick: boolean
  cases: string[]
  pairs: number
  seconds: number
  json: string | undefined
  enforce: boolean
  list: boolean
  help: boolean
}

export const HELP = `npm run bench -- [options]: measures the services beside bare servers that give the same answers

  --quick        a first impression, within 90 seconds; its ratios may be off by a tenth
  --case NAME    that case alone; may be given several times
  --pairs N      pairs of measurements a case, default 7 (3 with --quick)
  --seconds S    length of one measurement, default 3 (1 with --quick)
  --json FILE    writes all figures to FILE as well
  --enforce      exit status 1 where a figure misses what it must be
  --list         lists the cases
  --help         this text

Exit status 1 where an answer was wrong or a case failed, 2 for an option that makes no sense.
`

/** An option that makes no sense. */
export class OptionError extends Error {}

/** Reads the command line. Throws an OptionError. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        case: { type: 'string', multiple: true, default: [] },
        pairs: { type: 'string' },
        seconds: { type: 'string' },
        json: { type: 'string' },
        enforce: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const { quick, case: cases, json, enforce, list, help } = values
    const pairs = wholeNumber('pairs', values.pairs ?? (quick ? '3' : '7'))
    const seconds = wholeNumber('seconds', values.seconds ?? (quick ? '1' : '3'))
    return { quick, cases, pairs, seconds, json, enforce, list, help }
  } catch (error) {
    throw error instanceof OptionError ? error : new OptionError((error as Error).message)
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new OptionError(`--${name} ${text}: a whole number from 1 to 9999`)
  return Number(text)
}
