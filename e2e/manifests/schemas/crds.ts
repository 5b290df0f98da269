import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import Schema from 'typebox/schema'
import { inWords, typeOf, type Validator } from './problem.ts'

type Json = { [key: string]: Json } | Json[] | string | number | boolean | null

interface StoredCrd {
  group: string
  version: string
  kind: string
  openAPIV3Schema: Json
}

/** A folder with the schemas of installed CRDs, one JSON file per kind and version; optional. */
const CRD_FOLDER = resolve(import.meta.dirname, '../../..', process.env['CRD_SCHEMAS'] ?? '../shared/crds')

export const hasCrds = (): boolean => existsSync(CRD_FOLDER)

/** A strict validator for each CRD in the folder, by apiVersion and kind. */
export function crdValidators(): Map<string, Validator> {
  const files = readdirSync(CRD_FOLDER).filter((file) => file.endsWith('.json'))
  return new Map(
    files.map((file) => {
      const crd = JSON.parse(readFileSync(join(CRD_FOLDER, file), 'utf8')) as StoredCrd
      const schema = withTypeMeta(strict(crd.openAPIV3Schema))
      const validate: Validator = (object) => Schema.Errors(schema, object)[1].map(inWords)
      return [typeOf({ apiVersion: `${crd.group}/${crd.version}`, kind: crd.kind }), validate]
    }),
  )
}

/** The same schema, but it refuses fields that it does not name: a cluster would drop them silently. */
export function strict(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(strict)
  if (typeof schema !== 'object' || schema === null) return schema
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]))
  if (schema['x-kubernetes-int-or-string'] === true) copy['anyOf'] = [{ type: 'integer' }, { type: 'string' }]
  // A field may itself be called `properties`; only a schema has a type next to it.
  const closed = schema['type'] === 'object' && schema['properties'] !== undefined
  const open = schema['additionalProperties'] !== undefined || schema['x-kubernetes-preserve-unknown-fields'] === true
  return closed && !open ? { ...copy, additionalProperties: false } : copy
}

// Every object has these fields, named in its schema or not; Kubernetes defines their shape.
function withTypeMeta(schema: Json): { properties: Json } {
  const { properties, ...rest } = schema as { properties: { [key: string]: Json } }
  const typeMeta = { apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object' } }
  return { ...rest, properties: { ...properties, ...typeMeta } }
}
