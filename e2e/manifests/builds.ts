import { findKustomizations, type Kustomization } from './build.ts'

/** Something that a user can apply, and its parts; paths below k8s/. */
export interface Build {
  name: string
  resources: string[]
  components: string[]
}

// Used only as a source for other manifests: beside the base it would duplicate the consumer.
const PARTS = ['workloads/consumer-alone']

/**
 * Everything under k8s/ as it reaches a cluster. Standalone folders are built alone. Components and workloads are built
 * with the base, because they refer to its objects.
 */
export function allBuilds(): Build[] {
  return [...findKustomizations().filter(isOfTheServices).map(withItsBase), together(), ON_ISTIO]
}

/** The prover's own manifests have a separate test. */
function isOfTheServices({ path }: Kustomization): boolean {
  return path.split('/')[0] !== 'prover'
}

/** Options that exclude another one, or that the demo already has. */
const NOT_TOGETHER = [
  'components/autoscaler',
  'components/faults',
  'components/instant-kill',
  'components/istio-ambient',
  'components/istio-circuit-breaking',
  'components/istio-retries',
  'components/istio-sidecar',
  'components/istio-strict',
  'features/authorization',
  'features/header-routing',
  'features/per-route-authorization',
  'features/rate-limiting',
]

/** The pair on Istio with its own options, and those that are of no mesh or of Gateway API alone. */
const ON_ISTIO: Build = {
  name: 'the pair on Istio with its options',
  resources: ['overlays/istio'],
  components: [
    'components/istio-circuit-breaking',
    'components/istio-retries',
    'components/faults',
    'components/tracing',
    'features/timeouts',
  ],
}

/** All other options in one build, which detects objects with the same name. */
function together(): Build {
  const options = findKustomizations()
    .filter(isOfTheServices)
    .filter(({ path, kind }) => kind === 'Component' && !NOT_TOGETHER.includes(path))
  return {
    name: 'the demo with all options that go together',
    resources: ['overlays/demo'],
    components: options.map(({ path }) => path),
  }
}

function withItsBase({ path, kind }: Kustomization): Build {
  if (kind === 'Component') return { name: `base + ${path}`, resources: ['base'], components: [path] }
  const beside = path.startsWith('workloads/') && !PARTS.includes(path)
  if (beside) return { name: `base + ${path}`, resources: ['base', path], components: [] }
  return { name: path, resources: [path], components: [] }
}
