/** A text that is not a list of faults. `position` is the offset of the problem, in characters from 0. */
export class FaultSyntaxError extends Error {
  readonly position: number

  constructor(position: number, problem: string, cause?: unknown) {
    super(`At position ${position}: ${problem}`, { cause })
    this.name = 'FaultSyntaxError'
    this.position = position
  }
}

/** A value that is not a list of faults. `path` is a JSON pointer to the problem; '' is the value itself. */
export class FaultValueError extends Error {
  readonly path: string

  constructor(path: string, problem: string) {
    super(path === '' ? problem : `At ${path}: ${problem}`)
    this.name = 'FaultValueError'
    this.path = path
  }
}
