import { basename, resolve } from 'node:path'

/** Folders whose names reveal something about this machine and nothing about the mesh. */
export interface Places {
  /** Where the run keeps manifests and evidence. */
  out: string
  cwd: string
  home: string
}

/**
 * Replaces this machine's folders in all texts of a value: paths in `out` or `cwd` become relative, the home folder
 * becomes `~`.
 */
export function portable<Value>(value: Value, { out, cwd, home }: Places): Value {
  const names: [folder: string, name: string][] = [
    [resolve(cwd, out), basename(resolve(cwd, out))],
    [cwd, '.'],
    [home, '~'],
  ]
  const replacements = names
    .filter(([folder]) => folder.length > 1)
    .map(
      ([folder, name]) =>
        [new RegExp(`${folder.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w.-])`, 'g'), name] as const,
    )
  const inText = (text: string) => replacements.reduce((all, [folder, name]) => all.replace(folder, name), text)
  return mapTexts(value, inText) as Value
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one: unknown) => mapTexts(one, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, change)]))
}
