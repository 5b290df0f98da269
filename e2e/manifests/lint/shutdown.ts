import type { Container } from './model.ts'
import { faults, rule } from './rule.ts'

const DEFAULT_GRACE_SECONDS = 30
const MARGIN_MS = 2000
// A default of the services' configuration; a test of the manifests checks that they agree.
export const DEFAULT_SHUTDOWN_TIMEOUT_MS = 10_000

/** How pods are shut down. */
export const shutdown = [
  rule(
    'no-shell-to-sleep',
    'An exec hook needs a shell or a program that the image may lack; then the drain is skipped.',
    (set) =>
      faults(set.workloads, ({ spec }) => {
        const commands = spec.template.spec.containers.map(({ lifecycle }) =>
          lifecycle?.preStop?.exec?.command?.join(' '),
        )
        const sleeping = commands.find((command) => command?.includes('sleep'))
        return sleeping && `preStop runs "${sleeping}"`
      }),
  ),
  rule('drain-fits', 'What is not done within the grace period is killed in the middle of a request.', (set) =>
    faults(set.workloads, ({ spec: { template } }) => {
      const graceMs = (template.spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS) * 1000
      const longestMs = Math.max(...template.spec.containers.map(shutdownMs))
      return longestMs + MARGIN_MS > graceMs && `needs ${longestMs + MARGIN_MS} ms, gets ${graceMs} ms`
    }),
  ),
]

function shutdownMs({ env = [], lifecycle }: Container): number {
  const variable = (name: string, absent: number) => Number(env.find((entry) => entry.name === name)?.value ?? absent)
  const preStopMs = (lifecycle?.preStop?.sleep?.seconds ?? 0) * 1000
  return preStopMs + variable('DRAIN_DELAY_MS', 0) + variable('SHUTDOWN_TIMEOUT_MS', DEFAULT_SHUTDOWN_TIMEOUT_MS)
}
