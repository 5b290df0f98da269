import { type Fault, MOST_FAULTS } from './fault.ts'
import { FaultValueError } from './fault-error.ts'
import { faultProblem } from './fault-problem.ts'

/**
 * Reads faults from their JSON form, an array of objects such as `{"kind": "status", "code": 503}`.
 * Throws a FaultValueError for anything that is not a valid list of 1 to 16 faults.
 */
export function readFaults(value: unknown): Fault[] {
  if (!Array.isArray(value)) throw new FaultValueError('', 'faults are an array of objects, each with a kind')
  if (value.length === 0) throw new FaultValueError('', 'there is no fault in the list')
  if (value.length > MOST_FAULTS) throw new FaultValueError('', `a list holds at most ${MOST_FAULTS} faults`)
  return value.map((member: unknown, index) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) {
      throw new FaultValueError(`/${index}`, 'a fault is an object with a kind and its parameters')
    }
    const problem = faultProblem(member as Record<string, unknown>)
    if (problem) throw new FaultValueError(`/${index}/${problem.parameter}`, problem.message)
    return { ...member } as Fault
  })
}
