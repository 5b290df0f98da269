import { validate as gateway } from '@kubernetes-models/gateway-api/_schemas/IoK8sSigsGatewayApiApisV1Gateway'
import { validate as httpRoute } from '@kubernetes-models/gateway-api/_schemas/IoK8sSigsGatewayApiApisV1HTTPRoute'
import { validate as deployment } from 'kubernetes-models/_schemas/IoK8sApiAppsV1Deployment'
import { validate as autoscaler } from 'kubernetes-models/_schemas/IoK8sApiAutoscalingV2HorizontalPodAutoscaler'
import { validate as cronJob } from 'kubernetes-models/_schemas/IoK8sApiBatchV1CronJob'
import { validate as job } from 'kubernetes-models/_schemas/IoK8sApiBatchV1Job'
import { validate as configMap } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ConfigMap'
import { validate as namespace } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Namespace'
import { validate as service } from 'kubernetes-models/_schemas/IoK8sApiCoreV1Service'
import { validate as serviceAccount } from 'kubernetes-models/_schemas/IoK8sApiCoreV1ServiceAccount'
import { validate as networkPolicy } from 'kubernetes-models/_schemas/IoK8sApiNetworkingV1NetworkPolicy'
import { validate as disruptionBudget } from 'kubernetes-models/_schemas/IoK8sApiPolicyV1PodDisruptionBudget'
import { validate as clusterRole } from 'kubernetes-models/_schemas/IoK8sApiRbacV1ClusterRole'
import { validate as clusterRoleBinding } from 'kubernetes-models/_schemas/IoK8sApiRbacV1ClusterRoleBinding'
import { validate as role } from 'kubernetes-models/_schemas/IoK8sApiRbacV1Role'
import { validate as roleBinding } from 'kubernetes-models/_schemas/IoK8sApiRbacV1RoleBinding'
import { strict } from './compiled.ts'
import type { Validator } from './problem.ts'

/** The Kubernetes and Gateway API kinds that the manifests use, each with a validator that refuses unknown fields. */
export const kubernetesValidators: Record<string, Validator> = {
  'v1 ConfigMap': strict(configMap),
  'v1 Service': strict(service),
  'v1 ServiceAccount': strict(serviceAccount),
  'apps/v1 Deployment': strict(deployment),
  'autoscaling/v2 HorizontalPodAutoscaler': strict(autoscaler),
  'networking.k8s.io/v1 NetworkPolicy': strict(networkPolicy),
  'policy/v1 PodDisruptionBudget': strict(disruptionBudget),
  'batch/v1 Job': strict(job),
  'batch/v1 CronJob': strict(cronJob),
  'v1 Namespace': strict(namespace),
  'rbac.authorization.k8s.io/v1 Role': strict(role),
  'rbac.authorization.k8s.io/v1 ClusterRole': strict(clusterRole),
  'rbac.authorization.k8s.io/v1 RoleBinding': strict(roleBinding),
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': strict(clusterRoleBinding),
  'gateway.networking.k8s.io/v1 Gateway': strict(gateway),
  'gateway.networking.k8s.io/v1 HTTPRoute': strict(httpRoute),
}
