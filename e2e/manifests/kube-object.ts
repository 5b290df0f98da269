import { parseAllDocuments } from 'yaml'

/** Any Kubernetes object: the fields that all kinds share. */
export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
  }
}

/** `Kind/name`: how findings and problems name an object. */
export const nameOf = (object: KubeObject): string => `${object.kind}/${object.metadata.name}`

/** The group of an object's apiVersion; empty for the core group. */
export const groupOf = (object: KubeObject): string =>
  object.apiVersion.includes('/') ? (object.apiVersion.split('/')[0] ?? '') : ''

/** Reads a stream of YAML documents. Throws on a syntax error and on a document that is not a Kubernetes object. */
export function readObjects(yaml: string): KubeObject[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    const [error] = document.errors
    if (error) throw error
    const value: unknown = document.toJS()
    if (value === null) return []
    if (!isKubeObject(value)) throw new Error(`no Kubernetes object: ${JSON.stringify(value)}`)
    return [value]
  })
}

function isKubeObject(value: unknown): value is KubeObject {
  const { apiVersion, kind, metadata } = Object(value) as Partial<KubeObject>
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string'
}
