/** The rooms of the house, and which of them each may import. A room always may import itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'packages/contract': [],
  'packages/service-kit': ['packages/contract'],
  'packages/bundle': [],
  'services/provider': ['packages/contract', 'packages/service-kit'],
  'services/consumer': ['packages/contract', 'packages/service-kit'],
  prove: ['packages/contract'],
  scripts: ['packages/contract', 'packages/service-kit', 'services/provider', 'services/consumer'],
}
const MAY_IMPORT_ANYTHING = ['bench', 'e2e', 'vitest.config.ts']

export interface Import {
  /** Path of the importing file from the repository root. */
  file: string
  /** Path of what is imported, likewise. */
  target: string
}

/** The room that a path stands in; undefined for a path in none. */
export function roomOf(path: string): string | undefined {
  return [...Object.keys(MAY_IMPORT), ...MAY_IMPORT_ANYTHING].find(
    (room) => path === room || path.startsWith(`${room}/`),
  )
}

/** What is wrong with an import; undefined where nothing is. */
export function objection({ file, target }: Import): string | undefined {
  const from = roomOf(file)
  const to = roomOf(target)
  if (from === undefined) return `${file} stands in no room of the house`
  if (to === undefined) return `${file} imports ${target}, which stands in no room of the house`
  if (from === to || MAY_IMPORT_ANYTHING.includes(from)) return undefined
  // A test may use what starts and holds processes, whichever room it stands in.
  if (to === 'e2e' && file.endsWith('.test.ts')) return undefined
  if (MAY_IMPORT[from]?.includes(to)) return undefined
  return `${from} may not import ${to}: ${file} imports ${target}`
}
