import type { JsonReport } from './json-report.ts'

/** A ConfigMap holds 1 MiB of data; the difference is left for the names. */
const MOST_BYTES = 1_000_000

/** The ConfigMap that the report is written to. */
export interface ConfigMapName {
  namespace: string
  name: string
}

/** The report as a ConfigMap: always the summary, and the other forms as far as they fit. */
export function toConfigMap(
  { namespace, name }: ConfigMapName,
  report: JsonReport,
  forms: Readonly<Record<string, string>>,
): object {
  const data: Record<string, string> = {}
  let bytes = 0
  for (const [key, text] of Object.entries(forms)) {
    const size = Buffer.byteLength(text)
    if (bytes + size > MOST_BYTES) continue
    data[key] = text
    bytes += size
  }
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace,
      labels: { 'app.kubernetes.io/name': 'prover', 'app.kubernetes.io/part-of': 'linkerd-scenario' },
      annotations: {
        'linkerd-scenario/started-at': report.startedAt,
        'linkerd-scenario/exit-code': `${report.exitCode}`,
      },
    },
    data,
  }
}
