import type { Behaviour } from '../behaviour.ts'
import type { StandInPod } from '../pod.ts'
import { type HeldUp, noNodeFor } from './held-up.ts'

const VERSION = 'edge-26.8.3'

/** A pod in the form of `kubectl get -o json`: injected pods have the proxy as a native sidecar. */
export function podObject(pod: StandInPod, heldUp: HeldUp | undefined): object {
  const { name, uid, terminating, options } = pod
  const { template, isInjected, namespace, behaviour, hash, deployment } = options
  const noNode = noNodeFor(heldUp)
  const ready = pod.ready && heldUp !== 'no-image' && noNode === undefined
  const added = isInjected ? injected(deployment, namespace, behaviour) : { labels: {}, annotations: {} }
  return {
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid,
      labels: { ...template.metadata.labels, ...added.labels, 'pod-template-hash': hash },
      annotations: { ...template.metadata.annotations, ...added.annotations },
      ...(terminating ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: {
      serviceAccountName: pod.account,
      containers: template.spec.containers,
      ...(isInjected ? { initContainers: [initContainer(), proxyContainer(pod)] } : {}),
    },
    status: {
      phase: ready ? 'Running' : 'Pending',
      ...(noNode === undefined ? startedStatus(pod, ready, heldUp) : { conditions: [unschedulable(noNode)] }),
    },
  }
}

/** The part of the status that a pod has once it is on a node. */
function startedStatus({ options: { template, isInjected, ip } }: StandInPod, ready: boolean, heldUp?: HeldUp): object {
  return {
    podIP: ip,
    conditions: conditions(ready),
    containerStatuses: [serviceStatus(template.spec.containers[0]?.name ?? '', ready, heldUp === 'no-image')],
    ...(isInjected ? { initContainerStatuses: sidecarStatuses() } : {}),
  }
}

const unschedulable = (message: string) => ({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message })

/** What the injector writes into the metadata. */
function injected(deployment: string, namespace: string, { controlPlane }: Behaviour) {
  return {
    labels: {
      'linkerd.io/control-plane-ns': controlPlane,
      'linkerd.io/proxy-deployment': deployment,
      'linkerd.io/workload-ns': namespace,
    },
    annotations: {
      'linkerd.io/created-by': `linkerd/proxy-injector ${VERSION}`,
      'linkerd.io/proxy-version': VERSION,
      'viz.linkerd.io/tap-enabled': 'true',
    },
  }
}

const initContainer = () => ({ name: 'linkerd-init', image: `cr.l5d.io/linkerd/proxy:${VERSION}` })

function proxyContainer({ service, options: { behaviour } }: StandInPod): object {
  const { controlPlane, trustDomain, clusterDomain, proxyAdminPort, defaultInboundPolicy } = behaviour
  return {
    name: 'linkerd-proxy',
    image: `cr.l5d.io/linkerd/proxy:${VERSION}`,
    restartPolicy: 'Always',
    ports: [
      { containerPort: 4143, name: 'linkerd-proxy', protocol: 'TCP' },
      { containerPort: proxyAdminPort, name: 'linkerd-admin', protocol: 'TCP' },
    ],
    env: [
      { name: 'LINKERD2_PROXY_INBOUND_DEFAULT_POLICY', value: defaultInboundPolicy },
      { name: 'LINKERD2_PROXY_ADMIN_LISTEN_ADDR', value: `0.0.0.0:${proxyAdminPort}` },
      { name: 'LINKERD2_PROXY_INBOUND_PORTS', value: service === 'provider' ? '5000,5001' : '6000,6001' },
      { name: 'LINKERD2_PROXY_DESTINATION_PROFILE_SUFFIXES', value: `svc.${clusterDomain}.` },
      {
        name: 'LINKERD2_PROXY_INBOUND_PORTS_DISABLE_PROTOCOL_DETECTION',
        value: '25,587,3306,4444,5432,6379,9300,11211',
      },
      { name: '_l5d_ns', value: controlPlane },
      { name: '_l5d_trustdomain', value: trustDomain },
      {
        name: 'LINKERD2_PROXY_IDENTITY_LOCAL_NAME',
        value: `$(_pod_sa).$(_pod_ns).serviceaccount.identity.${controlPlane}.${trustDomain}`,
      },
    ],
  }
}

function conditions(ready: boolean): object[] {
  const status = ready ? 'True' : 'False'
  return [
    { type: 'PodReadyToStartContainers', status: 'True' },
    { type: 'Initialized', status },
    { type: 'Ready', status },
    { type: 'ContainersReady', status },
    { type: 'PodScheduled', status: 'True' },
  ]
}

function serviceStatus(name: string, ready: boolean, noImage: boolean): object {
  const state = noImage ? { waiting: { reason: 'ImagePullBackOff' } } : { running: {} }
  return { name, ready, restartCount: 0, started: ready, state }
}

const sidecarStatuses = () => [
  {
    name: 'linkerd-init',
    ready: true,
    restartCount: 0,
    started: false,
    state: { terminated: { exitCode: 0, reason: 'Completed' } },
  },
  { name: 'linkerd-proxy', ready: true, restartCount: 0, started: true, state: { running: {} } },
]
