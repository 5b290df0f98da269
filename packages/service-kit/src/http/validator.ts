import type { FastifySchemaCompiler } from 'fastify'
import { type TSchema, Type } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'

/**
 * Compiles TypeBox schemas for Fastify. Query parameters are converted from text and get their defaults; bodies are
 * taken as they are. An error names the place: `querystring/n must be <= 10000`.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema)
  const isText = httpPart !== 'body'
  const hasDefaults = Type.IsObject(schema) && Object.values(schema.properties).some((part) => 'default' in part)
  return (input: unknown) => {
    if (!hasDefaults && compiled.Check(input)) return { value: input }
    const value = isText ? fromText(schema, Value.Default(schema, input)) : input
    if (compiled.Check(value)) return { value }
    return {
      error: [...compiled.Errors(value)].map((error) => ({ ...error, message: error.message })),
    }
  }
}

// TypeBox's own conversion would make 1 of `1.5` and true of `1`: what is no number or boolean stays a text, and fails.
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
