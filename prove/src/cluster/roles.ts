import type { Options } from '../options.ts'

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
  resourceNames?: string[]
  verbs: string[]
}

/** Where and how the features are proved, and where the report goes. */
type WayOfRunning = Pick<Options, 'inNamespace' | 'lanes' | 'configMap'>

const CHANGE = ['get', 'list', 'watch', 'create', 'patch', 'delete']
const READ = ['get', 'list', 'watch']

/** `apps/v1`, `Deployment` → `deployments` of the group `apps`. */
export function resourceFor({ apiVersion, kind }: { apiVersion: string; kind: string }): Resource {
  const [group = '', version] = apiVersion.split('/')
  return { group: version === undefined ? '' : group, name: `${kind.toLowerCase().replace(/y$/, 'ie')}s` }
}

/**
 * The roles that a run needs for these resources, without a wildcard. In a given namespace, the ClusterRole only covers
 * reading cluster-wide objects. A namespace of the run's own does not exist yet, so everything has to be granted
 * cluster-wide, the report aside.
 */
export function rolesFor(resources: readonly Resource[], way: WayOfRunning): object[] {
  const { inNamespace, configMap } = way
  const { inside, clusterWide, report } = rulesOf(resources, way)
  const isInside = configMap?.namespace === inNamespace
  const own = configMap === undefined || isInside ? [] : [role('Role', report, configMap.namespace)]
  return inNamespace === undefined
    ? [role('ClusterRole', [...inside, ...clusterWide], undefined), ...own]
    : [
        role('Role', [...inside, ...(isInside ? report : [])], inNamespace),
        role('ClusterRole', clusterWide, undefined),
        ...own,
      ]
}

/** What is needed in the namespaces of the run, everywhere, and in the namespace of the report. */
function rulesOf(resources: readonly Resource[], { inNamespace, lanes, configMap }: WayOfRunning) {
  const isOwn = inNamespace === undefined
  return {
    inside: [...rulesFor(resources), ...INSIDE, ...(isOwn ? [] : [rule('', ['namespaces'], ['get'])])],
    clusterWide: [...(isOwn ? [OWN_NAMESPACE, ...(lanes === undefined ? [NODES] : [])] : []), ...CLUSTER],
    report: configMap === undefined ? [] : reportRules(configMap),
  }
}

/** A right to create cannot be limited to a name. */
function reportRules({ name }: { name: string }): Rule[] {
  return [
    rule('', ['configmaps'], ['create']),
    { ...rule('', ['configmaps'], ['get', 'patch']), resourceNames: [name] },
  ]
}

const INSIDE: readonly Rule[] = [
  rule('apps', ['deployments/scale'], ['get', 'update', 'patch']),
  rule('', ['pods', 'events'], READ),
  rule('', ['pods/log'], ['get']),
  // A WebSocket stream is a GET to the API server, a SPDY stream a POST; since Kubernetes 1.35 both need `create`.
  rule('', ['pods/exec', 'pods/portforward'], ['get', 'create']),
]

const OWN_NAMESPACE = rule('', ['namespaces'], [...READ, 'create', 'delete'])

/** Tells how many lanes there is room for. Without it there is one. */
const NODES = rule('', ['nodes'], ['list'])

/** Which of the mesh's kinds exist in the cluster, and the version of the control plane. */
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
