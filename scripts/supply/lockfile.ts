import { readFile } from 'node:fs/promises'

/** One package as the lockfile has it. */
export interface LockedPackage {
  name: string
  version: string
  license: string | undefined
  integrity: string | undefined
  hasInstallScript: boolean
  /** Whether the services need it when they run: neither a tool of the development nor a platform's Node. */
  isProduction: boolean
}

interface Entry {
  version?: string
  license?: string
  integrity?: string
  link?: boolean
  dev?: boolean
  devOptional?: boolean
  optional?: boolean
  hasInstallScript?: boolean
}

/** The packages of the lockfile that come from a registry. */
export async function lockedPackages(): Promise<LockedPackage[]> {
  const text = await readFile(new URL('../../package-lock.json', import.meta.url), 'utf8')
  const { packages } = JSON.parse(text) as { packages: Record<string, Entry> }
  return Object.entries(packages)
    .filter(([path, { link }]) => path.includes('node_modules/') && link !== true)
    .map(([path, entry]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version ?? '',
      license: entry.license,
      integrity: entry.integrity,
      hasInstallScript: entry.hasInstallScript === true,
      isProduction: !(entry.dev || entry.devOptional || entry.optional),
    }))
}
