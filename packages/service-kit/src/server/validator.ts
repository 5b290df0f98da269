import type { FastifySchemaCompiler } from 'fastify'
import { type Static, type TSchema, Type } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { Value } from 'typebox/value'

/**
 * Compiles TypeBox schemas for Fastify. Query parameters are converted from text and get their defaults; bodies are
 * not converted. An error names the place: `querystring/n must be <= 10000`.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = schemaCheck(schema)
  const isText = httpPart !== 'body'
  const defaults = isText ? defaultsOf(schema) : []
  return (input: unknown) => {
    if (check(input)) return { value: defaults.length === 0 ? input : filled(input, defaults) }
    const value = isText ? fromText(schema, Value.Default(schema, input)) : input
    if (check(value)) return { value }
    return {
      error: Value.Errors(schema, value).map((error) => ({ ...error, message: error.message })),
    }
  }
}

function defaultsOf(schema: TSchema): [string, unknown][] {
  if (!Type.IsObject(schema)) return []
  const parts = Object.entries(schema.properties as Record<string, TSchema & { default?: unknown }>)
  return parts.flatMap(([name, part]) => ('default' in part ? [[name, part.default] as [string, unknown]] : []))
}

// Changed in place: Fastify made this object for this request.
function filled(input: unknown, defaults: readonly [string, unknown][]): unknown {
  const object = input as Record<string, unknown>
  for (const [name, value] of defaults) object[name] ??= value
  return object
}

// TypeBox's own conversion turns `1.5` into 1 and `1` into true. Here such a value stays a text and fails the check.
function fromText(schema: TSchema, input: unknown): unknown {
  if (!Type.IsObject(schema)) return input
  const converted = { ...(input as Record<string, unknown>) }
  for (const [name, part] of Object.entries(schema.properties as Record<string, TSchema>)) {
    const text = converted[name]
    if (typeof text !== 'string') continue
    if ((Type.IsInteger(part) || Type.IsNumber(part)) && /^-?\d+(\.\d+)?$/.test(text)) converted[name] = Number(text)
    else if (Type.IsBoolean(part) && (text === 'true' || text === 'false')) converted[name] = text === 'true'
  }
  return converted
}

/** Whether a value matches a schema. */
export type SchemaCheck<Schema extends TSchema> = (value: unknown) => value is Static<Schema>

/**
 * Returns a check of values against `schema`. The first checks interpret the schema, because compiling takes some
 * milliseconds per schema and most schemas are never used. A schema is compiled after its first use, when the process is
 * idle.
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
