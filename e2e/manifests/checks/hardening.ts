import { expect, test } from 'vitest'
import { nameOf } from '../kube-object.ts'
import { ManifestSet } from '../lint/manifest-set.ts'
import type { Built } from './built.ts'

// The requirements of the Pod Security Standard `restricted`, and what these pods observe beyond it.
const POD = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
}
const CONTAINER = {
  imagePullPolicy: 'IfNotPresent',
  resources: { requests: { cpu: '25m', memory: '64Mi' }, limits: { memory: '128Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  },
}
const FORBIDDEN_IN_POD = ['hostNetwork', 'hostPID', 'hostIPC', 'volumes', 'initContainers']
const ROLLOUT = { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } }

/** Tests that every pod has the minimum of rights, and that a rollout removes no pod too early. */
export function hardening({ objects }: Built): void {
  test('runs every pod with the least that it needs', () => {
    for (const workload of new ManifestSet(objects()).workloads) {
      const { spec } = workload.spec.template
      expect(spec, nameOf(workload)).toMatchObject(POD)
      expect(spec.securityContext?.runAsUser, nameOf(workload)).toBeGreaterThan(0)
      expect(
        Object.keys(spec).filter((field) => FORBIDDEN_IN_POD.includes(field)),
        nameOf(workload),
      ).toEqual([])
      for (const container of spec.containers) {
        expect(container, nameOf(workload)).toMatchObject(CONTAINER)
        // CPU throttling would show up as latency, and be blamed on the mesh.
        expect(container, nameOf(workload)).not.toHaveProperty('resources.limits.cpu')
      }
    }
  })

  test('never has fewer pods in a rollout than before it', () => {
    for (const workload of new ManifestSet(objects()).workloads) {
      expect(workload.spec, nameOf(workload)).toMatchObject({ strategy: ROLLOUT })
    }
  })
}
