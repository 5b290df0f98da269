import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { resourceFor, rolesFor } from './roles.ts'

interface Role {
  kind: string
  rules: { apiGroups: string[]; resources: string[]; verbs: string[] }[]
}
const ALL = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'v1', kind: 'Service' },
  { apiVersion: 'v1', kind: 'ServiceAccount' },
  { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' },
  { apiVersion: 'policy.linkerd.io/v1beta3', kind: 'Server' },
  { apiVersion: 'policy.linkerd.io/v1alpha1', kind: 'AuthorizationPolicy' },
  { apiVersion: 'policy.linkerd.io/v1alpha1', kind: 'MeshTLSAuthentication' },
  { apiVersion: 'policy.linkerd.io/v1alpha1', kind: 'HTTPLocalRateLimitPolicy' },
  { apiVersion: 'policy.linkerd.io/v1alpha1', kind: 'EgressNetwork' },
].map(resourceFor)

const GIVEN = { inNamespace: 'team-a', lanes: undefined }
const OWN = { inNamespace: undefined, lanes: undefined }

/** Every right of a role as `get apps/deployments`. */
const rightsOf = ({ rules }: Role) =>
  rules
    .flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) => resources.flatMap((name) => verbs.map((verb) => `${verb} ${group}/${name}`))),
    )
    .filter((right) => !right.endsWith('/configmaps'))
    .sort()

test('in a given namespace these are the rights of the Job, the report aside', async () => {
  const text = await readFile(new URL('../../../k8s/prover/access.yaml', import.meta.url), 'utf8')
  const objects = parseAllDocuments(text).map((document) => document.toJS() as Role)
  for (const role of rolesFor(ALL, GIVEN) as Role[]) {
    const job = objects.find(({ kind }) => kind === role.kind)
    expect(job && rightsOf(role)).toEqual(job && rightsOf(job))
  }
})

test('a namespace of its own takes one ClusterRole, with the right to create and delete namespaces', () => {
  const [role, ...rest] = rolesFor(ALL, OWN) as Role[]
  expect([role?.kind, rest]).toEqual(['ClusterRole', []])
  expect(role && rightsOf(role)).toEqual(expect.arrayContaining(['create /namespaces', 'delete /namespaces']))
})

test('nodes are listed only to choose the number of lanes', () => {
  const rights = (lanes: number | undefined) => (rolesFor(ALL, { ...OWN, lanes }) as Role[]).flatMap(rightsOf)
  expect(rights(undefined)).toContain('list /nodes')
  expect(rights(2)).not.toContain('list /nodes')
})

test('fewer features need fewer rights, and no role has a wildcard', () => {
  const few = rolesFor(ALL.slice(0, 3), GIVEN)
  expect(JSON.stringify(few)).not.toContain('policy.linkerd.io')
  expect(JSON.stringify([few, rolesFor(ALL, OWN)])).not.toContain('*')
})
