import { type BareItem, type List, parseList, Token } from 'structured-headers'
import { type Fault, MOST_FAULTS } from './fault.ts'
import { FaultSyntaxError } from './fault-error.ts'
import { faultProblem } from './fault-problem.ts'
import { itemPositions } from './item-positions.ts'

/** Longest text of a list of faults, in characters. */
export const LONGEST_FAULT_TEXT = 4096

/**
 * Reads faults from their text form, a list of RFC 9651 such as `status;code=503;rate=0.3, delay;ms=100`.
 * Throws a FaultSyntaxError for anything that is not a valid list of 1 to 16 faults.
 */
export function parseFaults(text: string): Fault[] {
  if (text.length > LONGEST_FAULT_TEXT) {
    throw new FaultSyntaxError(LONGEST_FAULT_TEXT, `the text is longer than ${LONGEST_FAULT_TEXT} characters`)
  }
  const members = parseMembers(text)
  if (members.length === 0) throw new FaultSyntaxError(0, 'there is no fault in the list')
  let position = 0
  return members.map(([item, parameters], index) => {
    const positions = itemPositions(text, position)
    position = positions.end
    if (index >= MOST_FAULTS) throw new FaultSyntaxError(positions.start, `a list holds at most ${MOST_FAULTS} faults`)
    if (!(item instanceof Token)) {
      throw new FaultSyntaxError(positions.start, 'a fault begins with its kind, without quotes or parentheses')
    }
    const seen = new Set<string>()
    for (const { name, nameAt } of positions.parameters) {
      // RFC 9651 uses the last of several. Here a repeated parameter is a mistake, so it is refused.
      if (seen.has(name)) throw new FaultSyntaxError(nameAt, `the parameter "${name}" is there twice`)
      seen.add(name)
    }
    const fault = { kind: item.toString(), ...Object.fromEntries([...parameters].map(toProperty)) }
    const problem = faultProblem(fault)
    if (problem) {
      const parameter = positions.parameters.find(({ name }) => name === problem.parameter)
      const at = problem.at === 'value' ? parameter?.valueAt : problem.at === 'name' ? parameter?.nameAt : undefined
      throw new FaultSyntaxError(at ?? positions.start, problem.message)
    }
    return fault as Fault
  })
}

function parseMembers(text: string): List {
  try {
    return parseList(text)
  } catch (error) {
    // The library gives the offset only in its message.
    const { message } = error as Error
    const [, what = message, offset = 0] = /^Parse error: (.*) at offset (\d+)$/s.exec(message) ?? []
    const position = Math.min(Number(offset), text.length)
    throw new FaultSyntaxError(
      position,
      `this is not a list of faults such as status;code=503;rate=0.3: ${what}`,
      error,
    )
  }
}

function toProperty([name, value]: [string, BareItem]): [string, unknown] {
  if (value instanceof Token) return [name, value.toString()]
  // A negative zero is the same number, and is written without the sign.
  return [name, value === 0 ? 0 : value]
}
