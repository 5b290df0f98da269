import type { Response } from 'supertest'
import { Compile } from 'typebox/schema'
import { expect } from 'vitest'

interface Operation {
  responses?: Record<string, { content?: Record<string, { schema: object }> }>
}

/** Checks status, content type and body of an answer against the OpenAPI document. */
export function checkedAnswer(document: object, path: string, method: string, answer: Response): void {
  const { paths } = document as { paths?: Record<string, Record<string, Operation>> }
  const responses = paths?.[path]?.[method]?.responses ?? {}
  const name = `${method} ${path} ${answer.status}`
  const described = responses[answer.status] ?? responses[`${String(answer.status)[0]}XX`]
  expect(described, `${name} is described`).toBeDefined()
  const schema = described?.content?.[answer.type]?.schema
  expect(
    schema,
    `${name} as ${answer.type} is described; the document has ${JSON.stringify(described?.content)}`,
  ).toBeDefined()
  const body: unknown = answer.type.endsWith('json') ? answer.body : answer.text
  const [isValid, errors] = Compile(schema ?? {}).Errors(body)
  expect({ name, isValid, errors }).toEqual({ name, isValid: true, errors: [] })
}
