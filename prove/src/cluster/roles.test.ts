import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { resourceFor, rightsFor, rolesFor } from './roles.ts'

interface Role {
  kind: string
  metadata: { namespace?: string }
  rules: { apiGroups: string[]; resources: string[]; resourceNames?: string[]; verbs: string[] }[]
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

const GIVEN = { inNamespace: 'team-a', lanes: undefined, configMap: undefined }
const OWN = { inNamespace: undefined, lanes: undefined, configMap: undefined }

/** Every right of a role as `get apps/deployments`; to one object as `get /configmaps/NAME`. */
const rightsOf = ({ rules }: Role) =>
  rules
    .flatMap(({ apiGroups: [group], resources, resourceNames = [''], verbs }) =>
      resources.flatMap((resource) =>
        resourceNames.flatMap((name) =>
          verbs.map((verb) => `${verb} ${group}/${resource}${name === '' ? '' : `/${name}`}`),
        ),
      ),
    )
    .sort()

test('in a given namespace these are the rights of the Job', async () => {
  const text = await readFile(new URL('../../../k8s/prover/access.yaml', import.meta.url), 'utf8')
  const objects = parseAllDocuments(text).map((document) => document.toJS() as Role)
  const job = {
    inNamespace: 'mesh-proof',
    lanes: undefined,
    configMap: { namespace: 'mesh-proof', name: 'prove-report' },
  }
  const roles = rolesFor(ALL, job) as Role[]
  expect(roles.map(({ kind }) => kind)).toEqual(['Role', 'ClusterRole'])
  for (const role of roles) {
    const job = objects.find(({ kind }) => kind === role.kind)
    expect(job && rightsOf(role)).toEqual(job && rightsOf(job))
  }
})

test('a namespace of its own takes one ClusterRole, with the right to create and delete namespaces', () => {
  const [role, ...rest] = rolesFor(ALL, OWN) as Role[]
  expect([role?.kind, rest]).toEqual(['ClusterRole', []])
  expect(role && rightsOf(role)).toEqual(expect.arrayContaining(['create /namespaces', 'delete /namespaces']))
})

test.each([
  ['of its own', OWN, ['ClusterRole', 'Role in reports']],
  ['that is given', GIVEN, ['Role in team-a', 'ClusterRole', 'Role in reports']],
])('a report elsewhere takes a Role there, with a run in a namespace %s', (_name, way, expected) => {
  const roles = rolesFor(ALL, { ...way, configMap: { namespace: 'reports', name: 'mesh' } }) as Role[]
  expect(roles.map(({ kind, metadata: { namespace } }) => `${kind}${namespace ? ` in ${namespace}` : ''}`)).toEqual(
    expected,
  )
  expect(roles.flatMap(rightsOf).filter((right) => right.includes('/configmaps'))).toEqual([
    'create /configmaps',
    'get /configmaps/mesh',
    'patch /configmaps/mesh',
  ])
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

const REPORT = { namespace: 'reports', name: 'mesh' }
const asked = (way: Parameters<typeof rightsFor>[1], namespace: string) =>
  rightsFor(ALL, way, namespace).map(
    ({ verb, resource, namespace: where = 'everywhere', name }) =>
      `${verb} ${resource}${name === undefined ? '' : `/${name}`} in ${where}`,
  )

test('what a run in a given namespace cannot do without is asked for', () => {
  const rights = asked({ ...GIVEN, configMap: REPORT }, 'team-a')
  const policies = ['meshtlsauthentications.policy.linkerd.io', 'httproutes.gateway.networking.k8s.io']
  for (const resource of [...policies, 'deployments.apps', 'services', 'serviceaccounts']) {
    for (const verb of ['get', 'list', 'create', 'patch', 'delete'])
      expect(rights).toContain(`${verb} ${resource} in team-a`)
  }
  expect(rights).toEqual(
    expect.arrayContaining([
      'get namespaces/team-a in team-a',
      'watch httproutes.gateway.networking.k8s.io in team-a',
      'patch deployments.apps/scale in team-a',
      'watch pods in team-a',
      'create pods/exec in team-a',
      'list customresourcedefinitions.apiextensions.k8s.io in everywhere',
      'list deployments.apps in everywhere',
      'create configmaps in reports',
      'patch configmaps/mesh in reports',
    ]),
  )
})

test('what a run goes on without is granted, and not asked for', () => {
  for (const rights of [asked(GIVEN, 'team-a'), asked(OWN, 'prove-1')]) {
    expect(rights.filter((right) => /events|log|nodes|update|watch s|get pods\/|get configmaps/.test(right))).toEqual(
      [],
    )
  }
  expect(asked(OWN, 'prove-1')).not.toContain('list services in prove-1')
  expect(asked(OWN, 'prove-1')).toEqual(
    expect.arrayContaining(['create namespaces in everywhere', 'list pods in prove-1']),
  )
})

test('of the kinds those are known that a cluster may lack', () => {
  const custom = new Set(rightsFor(ALL, GIVEN, 'team-a').flatMap((one) => (one.isCustom ? [one.resource] : [])))
  expect([...custom].toSorted()).toEqual([
    'authorizationpolicies.policy.linkerd.io',
    'egressnetworks.policy.linkerd.io',
    'httplocalratelimitpolicies.policy.linkerd.io',
    'httproutes.gateway.networking.k8s.io',
    'meshtlsauthentications.policy.linkerd.io',
    'servers.policy.linkerd.io',
  ])
})
