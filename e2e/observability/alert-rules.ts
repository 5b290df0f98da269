import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { MANIFESTS } from '../manifests/build.ts'

export interface AlertRule {
  alert: string
  expr: string
  for?: string
  labels: Record<string, string>
  annotations: Record<string, string>
}
interface RuleGroups {
  groups: { name: string; rules: AlertRule[] }[]
}

const manifest = join(MANIFESTS, 'components/alert-rules/alert-rules.yaml')
const { spec } = parse(readFileSync(manifest, 'utf8')) as { spec: RuleGroups }

/** The alert rules that the project ships. */
export const alertRules: readonly AlertRule[] = spec.groups.flatMap(({ rules }) => rules)

/** A folder with the shipped rules as a Prometheus rule file, and files that refer to it. */
export class RuleFolder implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rules-'))
  readonly rules = this.write('rules.yaml', spec)

  /** Writes an object as YAML; returns the path. */
  write(name: string, content: unknown): string {
    const path = join(this.#folder, name)
    writeFileSync(path, stringify(content))
    return path
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true })
  }
}
