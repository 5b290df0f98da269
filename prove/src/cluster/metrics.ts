import parse from 'parse-prometheus-text-format'
import type { Sample } from '../expectations/observation.ts'

/**
 * The samples of a Prometheus text. HELP and TYPE lines are left out before it is parsed: the proxy's own differ from
 * its sample names by the `_total`, and the parser would fold histograms whose labels differ into one.
 */
export function parseMetrics(text: string): Sample[] {
  const samples = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n')
  return parse(`${samples}\n`).flatMap(({ name, metrics }) =>
    metrics.map(({ value, labels }) => ({ name, labels: labels ?? {}, value: Number(value) })),
  )
}

const COUNTER = /_(total|count|sum|bucket)$/

/**
 * What was counted between two readings of one proxy: a counter's increase, where it was absent counting from 0, and a
 * gauge's later value. A counter that fell was started anew, and counts from 0 as well.
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
 * Leaves out what was counted at these ports of the pod. Admin ports are read by the prover and probed by the kubelet,
 * through the proxy: with them the counters would never stand still.
 */
export function withoutPorts(samples: readonly Sample[], ports: readonly number[]): Sample[] {
  const isAdmin = (port: string | undefined) => port !== undefined && ports.includes(Number(port))
  return samples.filter(({ labels }) => !isAdmin(labels['target_port']) && !isAdmin(labels['srv_port']))
}

/** Whether two readings show the same counts, gauges and the proxy's view of itself aside. */
export function isStill(before: readonly Sample[], after: readonly Sample[]): boolean {
  return increase(before, after).every(
    ({ name, value }) =>
      !/^(inbound|outbound)_http|^(request|response)_/.test(name) || !COUNTER.test(name) || value === 0,
  )
}

function keyOf({ name, labels }: Sample): string {
  return `${name}${JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))}`
}
