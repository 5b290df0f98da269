import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { Value } from 'typebox/value'

/** Whether a value is of a schema. */
export type SchemaCheck<Schema extends TSchema> = (value: unknown) => value is Static<Schema>

/**
 * A check of values against `schema`. The first ones are interpreted: to compile costs the start some milliseconds a
 * schema, and most schemas of a process never see a value. What has seen one is compiled in the next idle moment.
 */
export function schemaCheck<const Schema extends TSchema>(schema: Schema): SchemaCheck<Schema> {
  let compiled: Validator | undefined
  let isAwaited = false
  return (value): value is Static<Schema> => {
    if (compiled !== undefined) return compiled.Check(value)
    if (!isAwaited) {
      isAwaited = true
      setImmediate(() => {
        compiled = Compile(schema) as unknown as Validator
      })
    }
    return Value.Check(schema, value)
  }
}
