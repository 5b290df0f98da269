import type { KubeObject } from '../kube-object.ts'

// The fields of each kind that the rules read; all are optional where a manifest may omit them.

export type Annotations = Record<string, string>

export interface Selector {
  matchLabels?: Record<string, string>
}

export interface Service extends KubeObject {
  spec: {
    selector?: Record<string, string>
    clusterIP?: string
    ports?: { name?: string; port: number; targetPort?: string | number; appProtocol?: string }[]
  }
}

export interface Container {
  name: string
  image?: string
  ports?: { name?: string; containerPort: number }[]
  env?: { name: string; value?: string; valueFrom?: { fieldRef?: { fieldPath: string } } }[]
  securityContext?: { runAsUser?: number }
  lifecycle?: { preStop?: { exec?: { command?: string[] }; sleep?: { seconds: number } } }
  startupProbe?: Probe
  livenessProbe?: Probe
  readinessProbe?: Probe
}

export interface Probe {
  httpGet?: { path?: string; port: string | number }
  tcpSocket?: { port: string | number }
}

export interface PodSpec {
  containers: Container[]
  hostNetwork?: boolean
  serviceAccountName?: string
  terminationGracePeriodSeconds?: number
  securityContext?: { runAsUser?: number }
}

/** A Deployment, StatefulSet, DaemonSet or Job: any kind that creates pods from a template. */
export interface Workload extends KubeObject {
  spec: {
    replicas?: number
    selector?: Selector
    template: { metadata?: { labels?: Record<string, string>; annotations?: Annotations }; spec: PodSpec }
  }
}

export interface ParentRef {
  group?: string
  kind?: string
  name: string
  namespace?: string
  port?: number
  sectionName?: string
}

export interface Filter {
  type: string
}

export interface BackendRef {
  name: string
  namespace?: string
  kind?: string
  port?: number
  weight?: number
  filters?: Filter[]
}

export interface RouteRule {
  matches?: {
    path?: { type?: string; value?: string }
    method?: string
    headers?: unknown[]
    queryParams?: unknown[]
  }[]
  filters?: Filter[]
  backendRefs?: BackendRef[]
  timeouts?: { request?: string; backendRequest?: string }
}

export interface Route extends KubeObject {
  spec: { parentRefs?: ParentRef[]; hostnames?: string[]; rules?: RouteRule[] }
}

export interface ObjectRef {
  group?: string
  kind: string
  name: string
  namespace?: string
}

export interface Server extends KubeObject {
  spec: { podSelector?: Selector; port: string | number; proxyProtocol?: string; accessPolicy?: string }
}

export interface AuthorizationPolicy extends KubeObject {
  spec: { targetRef: ObjectRef; requiredAuthenticationRefs: ObjectRef[] }
}

export interface MeshTlsAuthentication extends KubeObject {
  spec: { identities?: string[]; identityRefs?: (Omit<ObjectRef, 'name'> & { name?: string })[] }
}

export interface RateLimitPolicy extends KubeObject {
  spec: { targetRef: ObjectRef }
}

export interface EgressNetwork extends KubeObject {
  spec: { networks?: { cidr: string }[] }
}

export interface NetworkPolicy extends KubeObject {
  spec: { podSelector?: Selector; ingress?: PortRule[]; egress?: PortRule[] }
}

interface PortRule {
  ports?: { port?: string | number }[]
}
