import { execa } from 'execa'
import { lockedPackages } from './lockfile.ts'

interface Component {
  'bom-ref': string
  name: string
  version: string
  licenses?: unknown[]
  hashes?: unknown[]
}

/** The parts of a CycloneDX document that are read: https://cyclonedx.org/docs/1.5/json/ */
export interface BillOfMaterials {
  bomFormat: string
  components: Component[]
  dependencies: { ref: string; dependsOn?: string[] }[]
}

/**
 * The CycloneDX bill of materials of the services' runtime dependencies. Filtered from npm's
 * complete one: with `--omit dev` npm would also leave out packages that a development tool needs too (its `:not(.dev)`
 * looks at each edge).
 */
export async function billOfMaterials(): Promise<BillOfMaterials> {
  const { stdout } = await execa('npm', ['sbom', '--sbom-format', 'cyclonedx'], {
    cwd: new URL('../..', import.meta.url),
  })
  const all = JSON.parse(stdout) as BillOfMaterials
  const shipped = new Set(
    (await lockedPackages())
      .filter(({ isProduction }) => isProduction)
      .map(({ name, version }) => `${name}@${version}`),
  )
  const isShipped = (ref: string) => shipped.has(ref) || ref.startsWith('@linkerd-scenario/')
  // A package that is installed in two places has its path after its version.
  const packageOf = (ref: string) => ref.replace(/\|.*$/, '')
  return {
    ...all,
    components: all.components.filter((component) => isShipped(packageOf(component['bom-ref']))),
    dependencies: all.dependencies
      .filter(({ ref }) => isShipped(packageOf(ref)))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((on) => isShipped(packageOf(on))) })),
  }
}
