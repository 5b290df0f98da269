import type { KubeObject } from '../kube-object.ts'

/** Checks one object; returns its problems, one sentence each; empty if it is valid. */
export type Validator = (object: KubeObject) => string[]

/** The key of a schema: `apps/v1 Deployment`. */
export const typeOf = ({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string => `${apiVersion} ${kind}`

/** Turns an error of a JSON schema validator into a sentence. */
export const inWords = ({ instancePath, keyword, params }: SchemaError): string =>
  `${instancePath || '/'}: ${keyword} ${JSON.stringify(params)}`

export interface SchemaError {
  instancePath: string
  keyword: string
  params: unknown
}
