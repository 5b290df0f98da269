import { fieldsNotRead } from './fields-read.ts'
import { inWords, type SchemaError, type Validator } from './problem.ts'

// Compiled from OpenAPI documents. These validators store their errors on the function itself.
type Compiled = ((data: unknown) => boolean) & { errors?: SchemaError[] | null }

/** The class of a kind. Its method `validate` throws, with the errors. */
interface Model {
  prototype: { validate(): void }
}

/** A validator that refuses unknown fields as well: a compiled one takes them. */
export function strict(validate: Compiled): Validator {
  return (object) =>
    problemsOf(object, (watched) => {
      validate(watched)
      return validate.errors ?? []
    })
}

/** The same of a package that exports only the classes of its kinds. */
export function strictModel({ prototype }: Model): Validator {
  return (object) =>
    problemsOf(object, (watched) => {
      try {
        prototype.validate.call(watched)
        return []
      } catch (error) {
        return errorsIn(error)
      }
    })
}

function problemsOf(object: object, check: (watched: object) => SchemaError[]): string[] {
  let errors: SchemaError[] = []
  const unknown = fieldsNotRead(object, (watched) => {
    errors = check(watched)
  })
  return [...unknown.map((path) => `${path}: unknown field`), ...errors.map(inWords)]
}

function errorsIn(error: unknown): SchemaError[] {
  if (error instanceof Error && 'errors' in error && Array.isArray(error.errors)) return error.errors as SchemaError[]
  throw error
}
