import type { StandInPod } from '../../stand-in-mesh/pod.ts'

const COLUMNS = [28, 8, 10, 11] as const

/** The pods of `-l LABEL=VALUE,…`; all without it. */
export function selectPods(pods: readonly StandInPod[], selector = ''): StandInPod[] {
  const wanted = selector.split(',').map((one) => one.split('='))
  const has = ({ options }: StandInPod, [label = '', value = '']: string[]) =>
    label === '' || options.template.metadata.labels[label] === value
  return pods.filter((pod) => wanted.every((one) => has(pod, one)))
}

/** Pods as `kubectl get pods` prints them. */
export function podTable(pods: readonly StandInPod[]): string {
  const rows = pods.map((pod) => {
    const containers = pod.options.isInjected ? 2 : 1
    const state = pod.terminating ? 'Terminating' : pod.ready ? 'Running' : 'Pending'
    return row([pod.name, `${pod.ready ? containers : 0}/${containers}`, state, '0', '5s'])
  })
  return [row(['NAME', 'READY', 'STATUS', 'RESTARTS', 'AGE']), ...rows].join('')
}

const row = (cells: readonly string[]) => `${cells.map((cell, index) => cell.padEnd(COLUMNS[index] ?? 0)).join('')}\n`
