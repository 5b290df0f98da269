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
    const value = isText ? Value.Convert(schema, Value.Default(schema, input)) : input
    if (compiled.Check(value)) return { value }
    return {
      error: [...compiled.Errors(value)].map((error) => ({ ...error, message: error.message })),
    }
  }
}
