/** Which top-level folders each folder may import. A folder may always import itself. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'packages/contract': [],
  'packages/service-kit': ['packages/contract'],
  'packages/live-page': ['packages/contract'],
  'packages/bundle': ['packages/live-page'],
  'services/provider': ['packages/contract', 'packages/service-kit'],
  'services/consumer': ['packages/contract', 'packages/service-kit'],
  prove: ['packages/contract'],
  scripts: ['packages/bundle', 'packages/contract', 'packages/service-kit', 'services/provider', 'services/consumer'],
}
const MAY_IMPORT_ANYTHING = ['packages/test-kit', 'bench', 'e2e', 'vitest.config.ts']

export interface Import {
  /** Path of the importing file from the repository root. */
  file: string
  /** Path of the imported file from the repository root. */
  target: string
}

/** The top-level folder that holds a path; undefined where none does. */
export function folderOf(path: string): string | undefined {
  return [...Object.keys(MAY_IMPORT), ...MAY_IMPORT_ANYTHING].find(
    (folder) => path === folder || path.startsWith(`${folder}/`),
  )
}

/** What is wrong with an import; undefined if it is allowed. */
export function objection({ file, target }: Import): string | undefined {
  const from = folderOf(file)
  const to = folderOf(target)
  if (from === undefined) return `${file} is in no known top-level folder`
  if (to === undefined) return `${file} imports ${target}, which is in no known top-level folder`
  if (from === to || MAY_IMPORT_ANYTHING.includes(from)) return undefined
  // Tests in every folder share the test helpers.
  if (to === 'packages/test-kit' && file.endsWith('.test.ts')) return undefined
  if (MAY_IMPORT[from]?.includes(to)) return undefined
  return `${from} may not import ${to}: ${file} imports ${target}`
}
