import { configMarkdown, type ErrorEntry, kitErrorTable } from '@linkerd-scenario/service-kit'
import { ConsumerSettings } from '../../services/consumer/src/config.ts'
import { consumerErrorTable } from '../../services/consumer/src/errors.ts'
import { ProviderSettings } from '../../services/provider/src/config.ts'

/** What each document shows of the code: its sections by name. */
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
  ]
}

function errorMarkdown(table: Record<string, ErrorEntry>): string {
  const rows = Object.entries(table).map(
    ([code, { status, title, cause }]) => `| \`${code}\` | ${status} | ${title} | ${cause} |`,
  )
  return ['| code | status | title | cause |', '| --- | --- | --- | --- |', ...rows].join('\n')
}
