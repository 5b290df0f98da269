import { configMarkdown, type ErrorEntry, kitErrorTable } from '@linkerd-scenario/service-kit'
import { ConsumerSettings } from '../../services/consumer/src/config.ts'
import { consumerErrorTable } from '../../services/consumer/src/errors.ts'
import { ProviderSettings } from '../../services/provider/src/config.ts'
import { rows } from '../dashboards/dashboard.ts'
import type { Row } from '../dashboards/panel.ts'

/** The generated sections of each document, by name. */
export function generated(): { file: string; sections: Record<string, string> }[] {
  return [
    {
      file: 'docs/configuration.md',
      sections: { configuration: configMarkdown({ provider: ProviderSettings, consumer: ConsumerSettings }) },
    },
    {
      file: 'docs/errors.md',
      sections: { both: errorMarkdown(kitErrorTable), consumer: errorMarkdown(consumerErrorTable) },
    },
    { file: 'docs/dashboards.md', sections: { panels: panelsMarkdown(rows) } },
  ]
}

function errorMarkdown(table: Record<string, ErrorEntry>): string {
  const rows = Object.entries(table).map(
    ([code, { status, title, cause }]) => `| \`${code}\` | ${status} | ${title} | ${cause} |`,
  )
  return ['| code | status | title | cause |', '| --- | --- | --- | --- |', ...rows].join('\n')
}

function panelsMarkdown(dashboard: readonly Row[]): string {
  return dashboard
    .flatMap(({ title, panels }) => [
      `### ${title}`,
      '',
      '| panel | what it shows, and when to worry |',
      '| --- | --- |',
      ...panels.map((panel) => `| ${panel.title} | ${panel.description} |`),
      '',
    ])
    .join('\n')
}
