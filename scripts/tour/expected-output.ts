/** Stands for what differs from run to run: in a line for any characters, alone on a line for any number of lines. */
const ANYTHING = '…'

/** What an expected line is not found in. */
export interface Mismatch {
  /** Index of the first expected line that does not fit. */
  line: number
  message: string
}

/** Compares a command's output with what the guide shows. Undefined if it fits, or if the guide shows none. */
export function mismatch(expected: readonly string[], output: string): Mismatch | undefined {
  if (expected.length === 0) return undefined
  const seen = `${output.trimEnd()}\n`
  if (new RegExp(`^${patternOf(expected)}$`).test(seen)) return undefined
  let fits = expected.length - 1
  while (fits > 0 && !new RegExp(`^${patternOf(expected.slice(0, fits))}`).test(seen)) fits -= 1
  const message = `expected ${JSON.stringify(expected[fits])}, and the command printed\n${seen.trimEnd()}`
  return { line: fits, message }
}

function patternOf(lines: readonly string[]): string {
  return lines
    .map((line) => (line.trim() === ANYTHING ? '(?:.*\\n)*?' : `${line.split(ANYTHING).map(literally).join('.*?')}\\n`))
    .join('')
}

const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
