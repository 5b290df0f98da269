import { findKustomizations, type Kustomization } from './build.ts'

/** One thing that a person can apply, and what it is composed of; paths below k8s/. */
export interface Build {
  name: string
  resources: string[]
  components: string[]
}

// Made from the base only to be made into others: beside the base it would be the consumer a second time.
const PARTS = ['workloads/consumer-alone']

/**
 * Everything under k8s/ as it reaches a cluster: what stands alone by itself, components and workloads together with
 * the base, without which their references would point at nothing.
 */
export function allBuilds(): Build[] {
  return [...findKustomizations().filter(isOfTheServices).map(withItsBase), TOGETHER]
}

/** The prover's own manifests have a test of their own. */
function isOfTheServices({ path }: Kustomization): boolean {
  return path.split('/')[0] !== 'prover'
}

// What does not exclude each other: objects that nobody composes may still have the same name.
const TOGETHER: Build = {
  name: 'the demo with all that goes together',
  resources: ['overlays/demo'],
  components: [
    'components/default-deny',
    'components/network-policy',
    'components/disruption-budget',
    'features/retries',
    'features/circuit-breaking',
    'features/egress',
  ],
}

function withItsBase({ path, kind }: Kustomization): Build {
  if (kind === 'Component') return { name: `base + ${path}`, resources: ['base'], components: [path] }
  const beside = path.startsWith('workloads/') && !PARTS.includes(path)
  if (beside) return { name: `base + ${path}`, resources: ['base', path], components: [] }
  return { name: path, resources: [path], components: [] }
}
