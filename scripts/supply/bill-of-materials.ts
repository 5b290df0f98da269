import { execa } from 'execa'
import { lockedPackages } from './lockfile.ts'

interface Component {
  'bom-ref': string
  name: string
  version: string
  licenses?: unknown[]
  hashes?: unknown[]
}

/** What is read of a CycloneDX document: https://cyclonedx.org/docs/1.5/json/ */
export interface BillOfMaterials {
  bomFormat: string
  components: Component[]
  dependencies: { ref: string; dependsOn?: string[] }[]
}

/**
 * The CycloneDX bill of materials of what the services need when they run. Made from npm's own, which leaves out with
 * `--omit dev` whatever a tool of the development needs as well (npm's `:not(.dev)` looks at each edge).
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
  // A package that stands at two places has its path behind its version.
  const packageOf = (ref: string) => ref.replace(/\|.*$/, '')
  return {
    ...all,
    components: all.components.filter((component) => isShipped(packageOf(component['bom-ref']))),
    dependencies: all.dependencies
      .filter(({ ref }) => isShipped(packageOf(ref)))
      .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((on) => isShipped(packageOf(on))) })),
  }
}
