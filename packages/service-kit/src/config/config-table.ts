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

/** The variables of `schema` as a Markdown table, for the documents. */
export function configMarkdown(schema: TObject): string {
  const lines = rows(schema).map(
    (row) => `| \`${row.variable}\` | ${row.default === '' ? '' : `\`${row.default}\``} | ${row.meaning} |`,
  )
  return ['| variable | default | |', '| --- | --- | --- |', ...lines].join('\n')
}
