import type { KubeObject } from '../kube-object.ts'

/** Checks one object; returns what is wrong with it, a sentence each, none where all is well. */
export type Validator = (object: KubeObject) => string[]

/** What schemas are found by: `apps/v1 Deployment`. */
export const typeOf = ({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string => `${apiVersion} ${kind}`

/** A problem in words, from what a validator of JSON schemas reports. */
export const inWords = ({ instancePath, keyword, params }: SchemaError): string =>
  `${instancePath || '/'}: ${keyword} ${JSON.stringify(params)}`

export interface SchemaError {
  instancePath: string
  keyword: string
  params: unknown
}
