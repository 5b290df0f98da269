import type { Labels, Sample } from '../expectations/observation.ts'

const SAMPLE = /^([\w:]+)(?:\{(.*)\})? ([^ ]+)(?: \d+)?$/
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)",?/g

/**
 * The samples of a text in Prometheus' exposition format. Ignores HELP and TYPE lines: the names that the proxy writes
 * there lack the `_total` of its samples. Throws on a line that is not a sample.
 */
export function parseMetrics(text: string): Sample[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(sampleOf)
}

function sampleOf(line: string): Sample {
  const [, name, labels = '', value] = SAMPLE.exec(line) ?? []
  if (name === undefined || value === undefined) throw new Error(`This line of the metrics is no sample: ${line}`)
  return { name, labels: labelsOf(labels), value: numberOf(value) }
}

function labelsOf(text: string): Labels {
  return Object.fromEntries([...text.matchAll(LABEL)].map(([, name = '', value = '']) => [name, unescaped(value)]))
}

function unescaped(value: string): string {
  return value.replaceAll(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped))
}

function numberOf(value: string): number {
  if (/^[+-]?Inf$/i.test(value)) return value.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return Number(value)
}

const COUNTER = /_(total|count|sum|bucket)$/

/**
 * What one proxy counted between two readings: the increase of a counter (from 0 if it was absent), and the later value
 * of a gauge. A counter that fell was reset, so it also counts from 0.
 */
export function increase(before: readonly Sample[], after: readonly Sample[]): Sample[] {
  const earlier = new Map(before.map((sample) => [keyOf(sample), sample.value]))
  return after.map((sample) => {
    if (!COUNTER.test(sample.name)) return sample
    const was = earlier.get(keyOf(sample)) ?? 0
    return { ...sample, value: sample.value >= was ? sample.value - was : sample.value }
  })
}

/**
 * Leaves out requests to these ports of the pod. The prover reads the admin ports and the kubelet probes them, both
 * through the proxy: the counters would never stop changing.
 */
export function withoutPorts(samples: readonly Sample[], ports: readonly number[]): Sample[] {
  const isAdmin = (port: string | undefined) => port !== undefined && ports.includes(Number(port))
  return samples.filter(({ labels }) => !isAdmin(labels['target_port']) && !isAdmin(labels['srv_port']))
}

/** Whether two readings show the same counts, ignoring gauges and the proxy's data about itself. */
export function isStill(before: readonly Sample[], after: readonly Sample[]): boolean {
  return increase(before, after).every(
    ({ name, value }) =>
      !/^(inbound|outbound)_http|^(request|response)_/.test(name) || !COUNTER.test(name) || value === 0,
  )
}

function keyOf({ name, labels }: Sample): string {
  return `${name}${JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))}`
}
