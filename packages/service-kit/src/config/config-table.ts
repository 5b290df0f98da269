import { type TObject, type TSchema, Type } from 'typebox'
import { expected } from './read-config.ts'

interface Row {
  variable: string
  default: string
  meaning: string
}

function rows(schema: TObject): Row[] {
  return Object.entries(schema.properties as Record<string, TSchema>).map(([variable, setting]) => {
    const { description = '' } = setting as { description?: string }
    const takes = Type.IsString(setting) ? '' : ` (${expected(setting)})`
    return {
      variable,
      default: 'default' in setting ? String(setting.default) : '',
      meaning: `${description}${takes}`,
    }
  })
}

/** The variables of `schema` as aligned text, for `--help`. */
export function configText(schema: TObject): string {
  const table = rows(schema)
  const width = Math.max(...table.map(({ variable }) => variable.length))
  const defaultWidth = Math.max(...table.map((row) => row.default.length))
  return table
    .map((row) => `  ${row.variable.padEnd(width)}  ${row.default.padEnd(defaultWidth)}  ${row.meaning}`)
    .join('\n')
}

/** The variables of several services as one Markdown table, for the documents; what they share stands there once. */
export function configMarkdown(schemas: Record<string, TObject>): string {
  const services = new Map<string, string[]>()
  for (const [service, schema] of Object.entries(schemas)) {
    for (const row of rows(schema)) {
      const cells = `| \`${row.variable}\` | ${row.default === '' ? '' : `\`${row.default}\``} | ${row.meaning} |`
      services.set(cells, [...(services.get(cells) ?? []), service])
    }
  }
  const all = Object.keys(schemas).length
  const lines = [...services].map(([cells, of]) => `| ${of.length === all ? 'both' : of.join(', ')} ${cells}`)
  return ['| service | variable | default | |', '| --- | --- | --- | --- |', ...lines].join('\n')
}
