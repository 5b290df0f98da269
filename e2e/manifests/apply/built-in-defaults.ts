import type { Default, Fields } from './field-default.ts'

/** Kubernetes 1.32: `SetDefaults_*` in pkg/apis/GROUP/VERSION/defaults.go. A parent comes before its children. */
const probe = (path: string): Default[] => [
  [`${path}.timeoutSeconds`, 1],
  [`${path}.periodSeconds`, 10],
  [`${path}.successThreshold`, 1],
  [`${path}.failureThreshold`, 3],
  [`${path}.httpGet.path`, '/'],
  [`${path}.httpGet.scheme`, 'HTTP'],
]

const container = (path: string): Default[] => [
  [`${path}.imagePullPolicy`, ({ image }: Fields) => (/:(?!latest$)/.test(String(image)) ? 'IfNotPresent' : 'Always')],
  [`${path}.resources`, {}],
  [`${path}.terminationMessagePath`, '/dev/termination-log'],
  [`${path}.terminationMessagePolicy`, 'File'],
  [`${path}.ports[].protocol`, 'TCP'],
  [`${path}.env[].valueFrom.fieldRef.apiVersion`, 'v1'],
  ...['startupProbe', 'livenessProbe', 'readinessProbe'].flatMap((name) => probe(`${path}.${name}`)),
]

const podSpec = (path: string): Default[] => [
  [`${path}.restartPolicy`, 'Always'],
  [`${path}.dnsPolicy`, 'ClusterFirst'],
  [`${path}.schedulerName`, 'default-scheduler'],
  [`${path}.terminationGracePeriodSeconds`, 30],
  [`${path}.securityContext`, {}],
  // The field's old name, which the API server sets as well.
  [`${path}.serviceAccount`, ({ serviceAccountName }: Fields) => serviceAccountName],
  ...container(`${path}.containers[]`),
  ...container(`${path}.initContainers[]`),
  ...['configMap', 'secret', 'projected'].map((kind): Default => [`${path}.volumes[].${kind}.defaultMode`, 420]),
]

const jobSpec = (path: string): Default[] => [
  [`${path}.parallelism`, 1],
  [`${path}.completions`, 1],
  [`${path}.backoffLimit`, 6],
  [`${path}.completionMode`, 'NonIndexed'],
  [`${path}.suspend`, false],
  [`${path}.podReplacementPolicy`, 'TerminatingOrFailed'],
  ...podSpec(`${path}.template.spec`),
]

const bindings: Default[] = [
  ['roleRef.apiGroup', 'rbac.authorization.k8s.io'],
  ['subjects[].apiGroup', ({ kind }: Fields) => (kind === 'ServiceAccount' ? undefined : 'rbac.authorization.k8s.io')],
]

/** By apiVersion and kind. */
export const BUILT_IN_DEFAULTS: Readonly<Record<string, readonly Default[]>> = {
  'v1 ServiceAccount': [],
  'v1 ConfigMap': [],
  'v1 Namespace': [
    ['spec', {}],
    ['spec.finalizers', ['kubernetes']],
  ],
  'v1 Service': [
    ['spec.type', 'ClusterIP'],
    ['spec.clusterIP', '10.96.0.10'],
    ['spec.clusterIPs', ['10.96.0.10']],
    ['spec.internalTrafficPolicy', 'Cluster'],
    ['spec.ipFamilies', ['IPv4']],
    ['spec.ipFamilyPolicy', 'SingleStack'],
    ['spec.sessionAffinity', 'None'],
    ['spec.ports[].protocol', 'TCP'],
    ['spec.ports[].targetPort', ({ port }: Fields) => port],
  ],
  'apps/v1 Deployment': [
    ['spec.replicas', 1],
    ['spec.revisionHistoryLimit', 10],
    ['spec.progressDeadlineSeconds', 600],
    ['spec.strategy', {}],
    ['spec.strategy.type', 'RollingUpdate'],
    ['spec.strategy.rollingUpdate', ({ type }: Fields) => (type === 'RollingUpdate' ? {} : undefined)],
    ['spec.strategy.rollingUpdate.maxUnavailable', '25%'],
    ['spec.strategy.rollingUpdate.maxSurge', '25%'],
    ...podSpec('spec.template.spec'),
  ],
  'batch/v1 Job': jobSpec('spec'),
  'batch/v1 CronJob': [
    ['spec.concurrencyPolicy', 'Allow'],
    ['spec.suspend', false],
    ['spec.successfulJobsHistoryLimit', 3],
    ['spec.failedJobsHistoryLimit', 1],
    // A job's own defaults are filled in when the job is created from this template; its pod's defaults at once.
    ...podSpec('spec.jobTemplate.spec.template.spec'),
  ],
  'autoscaling/v2 HorizontalPodAutoscaler': [
    ['spec.minReplicas', 1],
    ['spec.behavior.scaleUp', {}],
    ['spec.behavior.scaleUp.stabilizationWindowSeconds', 0],
    ['spec.behavior.scaleUp.selectPolicy', 'Max'],
    [
      'spec.behavior.scaleUp.policies',
      [
        { type: 'Pods', value: 4, periodSeconds: 15 },
        { type: 'Percent', value: 100, periodSeconds: 15 },
      ],
    ],
    ['spec.behavior.scaleDown', {}],
    ['spec.behavior.scaleDown.selectPolicy', 'Max'],
    ['spec.behavior.scaleDown.policies', [{ type: 'Percent', value: 100, periodSeconds: 15 }]],
  ],
  'networking.k8s.io/v1 NetworkPolicy': [
    ['spec.policyTypes', ({ egress }: Fields) => (egress === undefined ? ['Ingress'] : ['Ingress', 'Egress'])],
    ['spec.ingress[].ports[].protocol', 'TCP'],
    ['spec.egress[].ports[].protocol', 'TCP'],
  ],
  'policy/v1 PodDisruptionBudget': [],
  'rbac.authorization.k8s.io/v1 Role': [],
  'rbac.authorization.k8s.io/v1 ClusterRole': [],
  'rbac.authorization.k8s.io/v1 RoleBinding': bindings,
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': bindings,
}
