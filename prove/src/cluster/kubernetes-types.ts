/** The parts of Kubernetes objects that the prover reads. */
export interface Meta {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  deletionTimestamp?: string
}

export interface KubeObject {
  apiVersion: string
  kind: string
  metadata: Meta
}

export interface List<Item> {
  items: Item[]
}

interface Container {
  name: string
  image?: string
  ports?: { name?: string; containerPort: number }[]
  env?: { name: string; value?: string }[]
}

interface ContainerStatus {
  name: string
  ready: boolean
  restartCount: number
  imageID?: string
  state?: { waiting?: { reason?: string; message?: string } }
}

export interface DeploymentObject extends KubeObject {
  kind: 'Deployment'
  spec: {
    replicas?: number
    selector: { matchLabels: Record<string, string> }
    template: { metadata: Meta; spec: { containers: Container[] } }
  }
  status?: {
    observedGeneration?: number
    replicas?: number
    updatedReplicas?: number
    readyReplicas?: number
    conditions?: Condition[]
  }
}

export interface PodObject extends KubeObject {
  kind: 'Pod'
  spec: { containers: Container[]; initContainers?: Container[] }
  status: {
    phase?: string
    conditions?: Condition[]
    containerStatuses?: ContainerStatus[]
    initContainerStatuses?: ContainerStatus[]
  }
}

export interface Condition {
  type: string
  status: string
  reason?: string
  message?: string
}

export interface EventObject {
  type?: string
  reason?: string
  message?: string
  /** ISO 8601; newer events only have eventTime. */
  lastTimestamp?: string | null
  eventTime?: string | null
  metadata: { creationTimestamp?: string }
}

/** A policy object with its status: routes have one for each parent, other kinds have a single one. */
export interface PolicyObject extends KubeObject {
  spec?: { parentRefs?: { kind?: string; name: string }[] }
  status?: {
    conditions?: Condition[]
    parents?: { controllerName?: string; parentRef: { kind?: string; name: string }; conditions?: Condition[] }[]
  }
}

export function isDeployment(object: KubeObject): object is DeploymentObject {
  return object.kind === 'Deployment'
}

/** `httproute.gateway.networking.k8s.io`: with its group, because Linkerd has its own HTTPRoutes. */
export function resourceOf({ apiVersion, kind }: KubeObject): string {
  const [group = '', version] = apiVersion.split('/')
  return version === undefined ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`
}

/** `Deployment/provider-v1` */
export function idOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.name}`
}
