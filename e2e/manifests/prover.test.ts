import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { APPLIED_RESOURCES } from '../../prove/src/cluster/applied-resources.ts'
import { resourceOf } from '../../prove/src/cluster/kubernetes-types.ts'
import { FEATURES } from '../../prove/src/features/index.ts'
import { readOptions } from '../../prove/src/options.ts'
import { secondApply } from './apply/second-apply.ts'
import { build, hasKubectl, kustomize, MANIFESTS, NO_KUBECTL } from './build.ts'
import { allBuilds } from './builds.ts'
import { type KubeObject, nameOf } from './kube-object.ts'
import { validate } from './schemas/validate.ts'

interface Rule {
  apiGroups: string[]
  resources: string[]
  verbs: string[]
}
interface PodTemplate {
  metadata: { annotations: Record<string, string> }
  spec: { serviceAccountName: string; containers: [{ image: string; args: string[] }] }
}
interface Job extends KubeObject {
  spec: { backoffLimit: number; template: PodTemplate }
}
interface CronJob extends KubeObject {
  spec: { jobTemplate: Pick<Job, 'spec'> }
}

const objects = hasKubectl ? build({ resources: ['prover'], components: ['prover/nightly'] }) : []
const named = <T extends KubeObject>(kind: string) => objects.find((object) => object.kind === kind) as T
const clusterWide = ['Namespace', 'ClusterRole', 'ClusterRoleBinding']
const rulesOf = (kind: string) => named<KubeObject & { rules: Rule[] }>(kind).rules

/** The README's own example, for this namespace. */
function composedAsInReadme(namespace: string): KubeObject[] {
  const readme = readFileSync(join(MANIFESTS, 'prover/README.md'), 'utf8')
  const example = /```yaml\n(?<text>[^`]*kind: Kustomization[^`]*)```/.exec(readme)?.groups?.['text'] ?? ''
  const folder = mkdtempSync(join(tmpdir(), 'prover-'))
  try {
    const k8s = relative(realpathSync(folder), realpathSync(MANIFESTS))
    const text = example.replaceAll('platform-checks', namespace).replaceAll('../k8s', k8s)
    writeFileSync(join(folder, 'kustomization.yaml'), text)
    return kustomize(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe("the prover's manifests", () => {
  beforeEach(({ skip }) => skip(!hasKubectl, NO_KUBECTL))

  test('are valid, with no unknown field, and each has a name of its own', () => {
    expect(validate(objects)).toEqual([])
    const names = objects.map(nameOf)
    expect(names).toEqual([...new Set(names)])
    expect(names).toContain('CronJob/prover')
  })

  test('lie in one namespace, which bindings name as well', () => {
    for (const object of objects.filter(({ kind }) => !clusterWide.includes(kind))) {
      expect(object.metadata.namespace, nameOf(object)).toBe('mesh-proof')
    }
    const other = composedAsInReadme('platform-checks')
    expect(JSON.stringify(other)).not.toContain('mesh-proof')
    for (const kind of ['RoleBinding', 'ClusterRoleBinding']) {
      expect(other.find((object) => object.kind === kind)).toMatchObject({
        subjects: [{ namespace: 'platform-checks' }],
      })
    }
  })

  test('in two namespaces take nothing from each other, and each binding grants the role that is applied with it', () => {
    const inNamespaces = [objects, composedAsInReadme('team-a'), composedAsInReadme('team-b')]
    const ids = inNamespaces.flatMap((all) =>
      all.map((one) => `${one.metadata.namespace ?? ''}/${nameOf(one)}`).filter((id) => id.startsWith('/')),
    )
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    expect(ids).toHaveLength(3 * clusterWide.length)
    for (const all of inNamespaces) {
      const role = all.find(({ kind }) => kind === 'ClusterRole')
      const binding = all.find(({ kind }) => kind === 'ClusterRoleBinding')
      expect(binding).toMatchObject({ roleRef: { kind: 'ClusterRole', name: role?.metadata.name } })
    }
  })

  test('grant no wildcard, no secrets, and cluster-wide only reading', () => {
    const rules = [...rulesOf('Role'), ...rulesOf('ClusterRole')]
    expect(JSON.stringify(rules)).not.toMatch(/\*|secrets|impersonate|escalate|bind/)
    expect(new Set(rulesOf('ClusterRole').flatMap(({ verbs }) => verbs))).toEqual(new Set(['get', 'list']))
  })

  test('grant what is needed for each kind that a feature applies', () => {
    const rules = rulesOf('Role')
    const parts = ['features/', 'workloads/', 'components/instant-kill']
    const applied = allBuilds()
      .filter(({ name }) => parts.some((part) => name.includes(part)))
      .flatMap((composition) => build(composition))
    expect(applied.length).toBeGreaterThan(50)
    // These are what it looks for after a run that was killed.
    expect(new Set(applied.map(resourceOf))).toEqual(new Set(APPLIED_RESOURCES))
    for (const { kind, apiVersion } of applied) {
      const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : ''
      const resource = `${kind.toLowerCase().replace(/y$/, 'ie')}s`
      const rule = rules.find(({ apiGroups, resources }) => apiGroups[0] === group && resources.includes(resource))
      expect(rule?.verbs, `${kind}: ${resource}`).toEqual(expect.arrayContaining(['get', 'create', 'patch', 'delete']))
    }
  })

  test('run the prover with arguments that it knows, not meshed, once', () => {
    const { spec } = named<Job>('Job')
    const args = spec.template.spec.containers[0].args.map((arg) => arg.replaceAll('$(NAMESPACE)', 'mesh-proof'))
    const known = FEATURES.map(({ name }) => name)
    expect(readOptions(args, known)).toMatchObject({
      options: {
        inNamespace: 'mesh-proof',
        configMap: { namespace: 'mesh-proof', name: 'prove-report' },
        summary: '/dev/termination-log',
      },
    })
    expect(spec.backoffLimit).toBe(0)
    expect(spec.template.metadata.annotations).toMatchObject({ 'linkerd.io/inject': 'disabled' })
  })

  test('keep the pod to the Pod Security Standard "restricted", its root file system read-only', () => {
    expect(named<Job>('Job').spec.template.spec).toMatchObject({
      securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: 'RuntimeDefault' } },
      volumes: [{ name: 'tmp', emptyDir: {} }],
      containers: [
        {
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          resources: { limits: { memory: '1Gi' } },
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
        },
      ],
    })
    expect(named<Job>('Job').spec.template.spec).not.toHaveProperty('hostNetwork')
  })

  test('say unchanged when they are applied again', async () => {
    expect(await secondApply(objects)).toEqual([])
  })

  test('run each night exactly what the Job runs', () => {
    for (const all of [objects, composedAsInReadme('platform-checks')]) {
      const job = all.find(({ kind }) => kind === 'Job') as Job
      const nightly = all.find(({ kind }) => kind === 'CronJob') as CronJob
      expect(nightly.spec.jobTemplate.spec).toEqual(job.spec)
    }
  })

  test('take all images from a registry as their README says', () => {
    const job = composedAsInReadme('platform-checks').find(({ kind }) => kind === 'Job') as Job
    const [{ image, args }] = job.spec.template.spec.containers
    expect(image).toBe('registry.example/prover-linkerd:1.0')
    const expanded = args.map((arg) => arg.replaceAll('$(NAMESPACE)', 'platform-checks'))
    expect(readOptions(expanded, [])).toMatchObject({ options: { registry: 'registry.example', tag: '1.0' } })
  })
})

test('the image finds the account of its pod where Kubernetes puts it', () => {
  const text = readFileSync(join(MANIFESTS, '../prove/in-cluster.kubeconfig'), 'utf8')
  expect(text).toContain('/var/run/secrets/kubernetes.io/serviceaccount/token')
  expect(text).toContain('current-context: in-cluster')
})
