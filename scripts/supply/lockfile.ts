import { readFile } from 'node:fs/promises'

/** One package, as in the lockfile. */
export interface LockedPackage {
  /** Where it is installed, from the root. */
  path: string
  name: string
  version: string
  license: string | undefined
  integrity: string | undefined
  hasInstallScript: boolean
  /** Whether the services need it at run time. */
  isProduction: boolean
}

interface Entry {
  version?: string
  license?: string
  integrity?: string
  link?: boolean
  resolved?: string
  dependencies?: Record<string, string>
  hasInstallScript?: boolean
}

const SERVICES = ['services/provider', 'services/consumer']

/** The packages of the lockfile that come from a registry. */
export async function lockedPackages(): Promise<LockedPackage[]> {
  const text = await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8')
  const { packages } = JSON.parse(text) as { packages: Record<string, Entry> }
  const needed = reachable(packages, SERVICES)
  return Object.entries(packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && link !== true)
    .map(([path, entry]) => ({
      path,
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version ?? '',
      license: entry.license,
      integrity: entry.integrity,
      hasInstallScript: entry.hasInstallScript === true,
      isProduction: needed.has(path),
    }))
}

/** The paths of everything that `roots` depend on, resolved as Node does. */
function reachable(packages: Record<string, Entry>, roots: readonly string[]): Set<string> {
  const found = new Set<string>()
  const open = [...roots]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (found.has(path)) continue
    found.add(path)
    for (const name of Object.keys(packages[path]?.dependencies ?? {})) {
      const at = placeOf(packages, path, name)
      open.push(packages[at]?.link ? (packages[at].resolved ?? at) : at)
    }
  }
  return found
}

function placeOf(packages: Record<string, Entry>, from: string, name: string): string {
  for (let folder = from; folder !== ''; folder = folder.replace(/(^|\/)[^/]*$/, '')) {
    const path = `${folder}/node_modules/${name}`
    if (path in packages) return path
  }
  return `node_modules/${name}`
}
