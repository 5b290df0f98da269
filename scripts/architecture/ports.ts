import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'

/** The ports of a service: the one that callers use, and the admin port. */
export interface ServicePorts {
  http: number
  admin: number
}

interface Deployment {
  kind: string
  spec: { template: { spec: { containers: { ports: { name: string; containerPort: number }[] }[] } } }
}

/** The ports of a service as its manifest in k8s/base has them. */
export function portsOf(service: 'provider' | 'consumer'): ServicePorts {
  const file = new URL(`../../k8s/base/${service}.yaml`, import.meta.url)
  const objects = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS() as Deployment)
  const container = objects.find(({ kind }) => kind === 'Deployment')?.spec.template.spec.containers[0]
  const named = (name: string) => container?.ports.find((port) => port.name === name)?.containerPort
  const [http, admin] = [named('http'), named('admin')]
  if (http === undefined || admin === undefined) throw new Error(`${service}.yaml names no ports http and admin`)
  return { http, admin }
}

/**
 * The ports of the proxy, as Linkerd's chart sets them:
 * https://github.com/linkerd/linkerd2/blob/main/charts/linkerd-control-plane/values.yaml
 */
export const PROXY_PORTS = { inbound: 4143, outbound: 4140, admin: 4191 } as const
