import type { Options } from '../options.ts'
import { tellsAcceptance } from './acceptance.ts'
import type { Right } from './access-review.ts'
import type { KubeObject } from './kubernetes-types.ts'

/** A kind of object that a run applies. */
export interface Resource {
  /** '' for the core group. */
  group: string
  /** Plural, e.g. `httproutes`. */
  name: string
  /** The run waits for what its status will say. */
  isWatched: boolean
}

interface Rule {
  apiGroups: string[]
  resources: string[]
  resourceNames?: string[]
  verbs: string[]
}

/** A rule of a role, and which of its verbs a run cannot do without. The others it is glad to have. */
interface Grant {
  rule: Rule
  needs: (verb: string, resource: string) => boolean
}

/** Where and how the features are proved, and where the report goes. */
type WayOfRunning = Pick<Options, 'inNamespace' | 'lanes' | 'configMap'>

const CHANGE = ['get', 'list', 'watch', 'create', 'patch', 'delete']
const READ = ['get', 'list', 'watch']

/** `apps/v1`, `Deployment` → `deployments` of the group `apps`. */
export function resourceFor({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): Resource {
  const [group = '', version] = apiVersion.split('/')
  return {
    group: version === undefined ? '' : group,
    name: `${kind.toLowerCase().replace(/y$/, 'ie')}s`,
    isWatched: kind === 'Deployment' || tellsAcceptance({ kind }),
  }
}

/**
 * The roles that a run needs for these resources, without a wildcard. In a given namespace, the ClusterRole only covers
 * reading cluster-wide objects. A namespace of the run's own does not exist yet, so everything has to be granted
 * cluster-wide, the report aside.
 */
export function rolesFor(resources: readonly Resource[], way: WayOfRunning): object[] {
  const { inNamespace, configMap } = way
  const { inside, clusterWide, report } = grantsFor(resources, way)
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

/**
 * What of these roles a run cannot do without, to be asked for before it begins. `namespace` is that in which the
 * features are to be proved.
 */
export function rightsFor(resources: readonly Resource[], way: WayOfRunning, namespace: string): Right[] {
  const { inside, clusterWide, report } = grantsFor(resources, way)
  const custom = new Set(resources.filter(({ group }) => !BUILT_IN.has(group)).map(nameOf))
  const rightsIn = (grants: readonly Grant[], where: string | undefined) =>
    grants.flatMap((grant) => rightsOf(grant, where, custom))
  return [
    ...rightsIn(clusterWide, undefined),
    ...rightsIn(inside, namespace),
    ...rightsIn(report, way.configMap?.namespace),
  ]
}

/** Groups whose kinds every cluster has. */
const BUILT_IN = new Set(['', 'apps'])

function rightsOf({ rule, needs }: Grant, namespace: string | undefined, custom: ReadonlySet<string>): Right[] {
  const [group = ''] = rule.apiGroups
  return rule.resources.flatMap((resource) => {
    const full = nameOf({ group, name: resource })
    const needed = rule.verbs.filter((verb) => needs(verb, resource))
    // Who may read the given namespace alone need not be allowed to read any other.
    const name = rule.resourceNames?.[0] ?? (resource === 'namespaces' ? namespace : undefined)
    return needed.map((verb) => ({ verb, resource: full, namespace, name, isCustom: custom.has(full) }))
  })
}

/** `deployments` of `apps` → `deployments.apps`, `pods/exec` → `pods/exec` */
function nameOf({ group, name }: Pick<Resource, 'group' | 'name'>): string {
  const [resource = '', ...subresource] = name.split('/')
  return [[resource, group].filter((part) => part !== '').join('.'), ...subresource].join('/')
}

/** What a run may do in its namespaces, everywhere, and in the namespace of the report. */
function grantsFor(resources: readonly Resource[], { inNamespace, lanes, configMap }: WayOfRunning) {
  const isOwn = inNamespace === undefined
  return {
    inside: [...changing(resources, isOwn), ...INSIDE, ...(isOwn ? [] : [grant(rule('', ['namespaces'], ['get']))])],
    clusterWide: [...(isOwn ? [OWN_NAMESPACE, ...(lanes === undefined ? [NODES] : [])] : []), ...CLUSTER],
    report: configMap === undefined ? [] : reportGrants(configMap),
  }
}

/** A right to create cannot be limited to a name. */
function reportGrants({ name }: { name: string }): Grant[] {
  return [
    grant(rule('', ['configmaps'], ['create'])),
    grant({ ...rule('', ['configmaps'], ['get', 'patch']), resourceNames: [name] }, only('patch')),
  ]
}

const always = () => true
const never = () => false
const only =
  (...needed: string[]) =>
  (verb: string) =>
    needed.includes(verb)

const INSIDE: readonly Grant[] = [
  // Older kubectls read the scale and update it instead.
  grant(rule('apps', ['deployments/scale'], ['get', 'update', 'patch']), only('patch')),
  grant(rule('', ['pods'], READ)),
  // These tell why something went wrong; a run goes on without them.
  grant(rule('', ['events'], READ), never),
  grant(rule('', ['pods/log'], ['get']), never),
  // A WebSocket stream is a GET to the API server, a SPDY stream a POST, which kubectl falls back to; since Kubernetes
  // 1.35 both need `create`.
  grant(rule('', ['pods/exec', 'pods/portforward'], ['get', 'create']), only('create')),
]

const OWN_NAMESPACE = grant(rule('', ['namespaces'], [...READ, 'create', 'delete']))

/** Tells how many lanes there is room for. Without it there is one. */
const NODES = grant(rule('', ['nodes'], ['list']), never)

/** Which of the mesh's kinds exist in the cluster, and the version of the control plane. */
const CLUSTER: readonly Grant[] = [
  grant(rule('apiextensions.k8s.io', ['customresourcedefinitions'], ['get', 'list']), only('list')),
  grant(rule('apps', ['deployments'], ['list'])),
]

/**
 * Applying takes get, create and patch. Of each kind a run in a given namespace lists what is there, to overwrite
 * nothing of others and to remove what it made. Without `watch` kubectl does not wait for a deletion.
 */
function changing(resources: readonly Resource[], isOwn: boolean): Grant[] {
  const watched = new Set(resources.filter(({ isWatched }) => isWatched).map(({ name }) => name))
  const needs = (verb: string, resource: string) =>
    watched.has(resource) || (verb !== 'watch' && !(isOwn && verb === 'list'))
  const groups = [...new Set(resources.map(({ group }) => group))].sort()
  return groups.map((group) => {
    const names = resources.filter((resource) => resource.group === group).map(({ name }) => name)
    return grant(rule(group, [...new Set(names)].sort(), CHANGE), needs)
  })
}

function grant(given: Rule, needs: Grant['needs'] = always): Grant {
  return { rule: given, needs }
}

function rule(group: string, resources: string[], verbs: string[]): Rule {
  return { apiGroups: [group], resources, verbs }
}

function role(kind: 'Role' | 'ClusterRole', grants: readonly Grant[], namespace: string | undefined): object {
  const metadata = { name: 'linkerd-scenario-prover', ...(namespace === undefined ? {} : { namespace }) }
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind, metadata, rules: grants.map(({ rule: one }) => one) }
}
