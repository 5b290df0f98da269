/** A kind of object that a run applies. */
export interface Resource {
  /** '' for the core group. */
  group: string
  /** Plural, e.g. `httproutes`. */
  name: string
}

interface Rule {
  apiGroups: string[]
  resources: string[]
  verbs: string[]
}

const CHANGE = ['get', 'list', 'watch', 'create', 'patch', 'delete']
const READ = ['get', 'list', 'watch']

/** `apps/v1`, `Deployment` → `deployments` of the group `apps`. */
export function resourceFor({ apiVersion, kind }: { apiVersion: string; kind: string }): Resource {
  const [group = '', version] = apiVersion.split('/')
  return { group: version === undefined ? '' : group, name: `${kind.toLowerCase().replace(/y$/, 'ie')}s` }
}

/**
 * The Role and ClusterRole that a run needs for these resources, without a wildcard. In a namespace that is given, only
 * what is read of the cluster is granted everywhere; a namespace of the run's own does not exist yet, so that all has
 * to be granted everywhere.
 */
export function rolesFor(resources: readonly Resource[], inNamespace: string | undefined): object[] {
  const inside = [...rulesFor(resources), ...INSIDE]
  if (inNamespace === undefined) return [role('ClusterRole', [...inside, OWN_NAMESPACE, ...CLUSTER], undefined)]
  return [
    role('Role', [...inside, rule('', ['namespaces'], ['get'])], inNamespace),
    role('ClusterRole', CLUSTER, undefined),
  ]
}

const INSIDE: readonly Rule[] = [
  rule('apps', ['deployments/scale'], ['get', 'update', 'patch']),
  rule('', ['pods', 'events'], READ),
  rule('', ['pods/log'], ['get']),
  // A stream over WebSocket is a GET to the API server, one over SPDY a POST; since Kubernetes 1.35 both need `create`.
  rule('', ['pods/exec', 'pods/portforward'], ['get', 'create']),
]

const OWN_NAMESPACE = rule('', ['namespaces'], [...READ, 'create', 'delete'])

/** Which of the mesh's kinds the cluster knows, and the version of its control plane. */
const CLUSTER: readonly Rule[] = [
  rule('apiextensions.k8s.io', ['customresourcedefinitions'], ['get', 'list']),
  rule('apps', ['deployments'], ['list']),
]

function rulesFor(resources: readonly Resource[]): Rule[] {
  const groups = [...new Set(resources.map(({ group }) => group))].sort()
  return groups.map((group) => {
    const names = resources.filter((resource) => resource.group === group).map(({ name }) => name)
    return rule(group, [...new Set(names)].sort(), CHANGE)
  })
}

function rule(group: string, resources: string[], verbs: string[]): Rule {
  return { apiGroups: [group], resources, verbs }
}

function role(kind: 'Role' | 'ClusterRole', rules: readonly Rule[], namespace: string | undefined): object {
  const metadata = { name: 'linkerd-scenario-prover', ...(namespace === undefined ? {} : { namespace }) }
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata, rules: [...rules] }
}
