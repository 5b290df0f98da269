import { type BareItem, serializeList, Token } from 'structured-headers'
import { DEFAULT_FAULT_AT, type Fault } from './fault.ts'
import { parametersOf } from './fault-problem.ts'

const TOKEN = /^[A-Za-z*][:/!#$%&'*+\-.^_`|~A-Za-z0-9]*$/

/** Writes faults in their text form, each with its parameters in one fixed order: `parseFaults` reads them back. */
export function formatFaults(faults: readonly Fault[]): string {
  return serializeList(
    faults.map((fault) => {
      const values = new Map<string, unknown>(Object.entries(fault))
      const parameters = new Map<string, BareItem>()
      for (const name of parametersOf(fault.kind)) {
        const value = values.get(name)
        if (typeof value === 'number') parameters.set(name, value)
        else if (typeof value === 'string') parameters.set(name, TOKEN.test(value) ? new Token(value) : value)
      }
      return [new Token(fault.kind), parameters]
    }),
  )
}

/** The text of one fault without defaults. Two faults with the same meaning have the same text. */
export function canonicalFault(fault: Fault): string {
  const { rate = 1, at = DEFAULT_FAULT_AT, ...rest } = fault
  return formatFaults([{ ...rest, ...(rate === 1 ? {} : { rate }), ...(at === DEFAULT_FAULT_AT ? {} : { at }) }])
}
