import type { Default } from './field-default.ts'

const ROOT_PATH = { type: 'PathPrefix', value: '/' }

/** The `default` values in the custom resource definitions of Gateway API 1.4, Linkerd 2.20, Istio 1.31 and the Prometheus operator, by apiVersion and kind. */
export const CRD_DEFAULTS: Readonly<Record<string, readonly Default[]>> = {
  'gateway.networking.k8s.io/v1 HTTPRoute': [
    ['spec.parentRefs[].group', 'gateway.networking.k8s.io'],
    ['spec.parentRefs[].kind', 'Gateway'],
    ['spec.rules', [{}]],
    ['spec.rules[].matches', [{}]],
    ['spec.rules[].matches[].path', ROOT_PATH],
    ['spec.rules[].matches[].path.type', ROOT_PATH.type],
    ['spec.rules[].matches[].path.value', ROOT_PATH.value],
    ['spec.rules[].matches[].headers[].type', 'Exact'],
    ['spec.rules[].matches[].queryParams[].type', 'Exact'],
    ['spec.rules[].backendRefs[].group', ''],
    ['spec.rules[].backendRefs[].kind', 'Service'],
    ['spec.rules[].backendRefs[].weight', 1],
  ],
  'gateway.networking.k8s.io/v1 Gateway': [
    ['spec.listeners[].allowedRoutes', { namespaces: { from: 'Same' } }],
    ['spec.listeners[].allowedRoutes.namespaces', { from: 'Same' }],
    ['spec.listeners[].allowedRoutes.namespaces.from', 'Same'],
  ],
  'security.istio.io/v1 AuthorizationPolicy': [],
  'security.istio.io/v1 PeerAuthentication': [],
  'networking.istio.io/v1 DestinationRule': [],
  'networking.istio.io/v1 VirtualService': [],
  'policy.linkerd.io/v1beta3 Server': [
    ['spec.accessPolicy', 'deny'],
    ['spec.proxyProtocol', 'unknown'],
  ],
  'policy.linkerd.io/v1alpha1 AuthorizationPolicy': [],
  'policy.linkerd.io/v1alpha1 MeshTLSAuthentication': [],
  'policy.linkerd.io/v1alpha1 NetworkAuthentication': [],
  'policy.linkerd.io/v1alpha1 HTTPLocalRateLimitPolicy': [],
  'policy.linkerd.io/v1alpha1 EgressNetwork': [],
  'monitoring.coreos.com/v1 PodMonitor': [['spec.podMetricsEndpoints[].relabelings[].action', 'replace']],
  'monitoring.coreos.com/v1 PrometheusRule': [],
}
