import packageJson from '../../package.json' with { type: 'json' }
import type { ByHandReport } from '../by-hand/set-up.ts'
import type { Removed } from '../cluster/removal.ts'
import type { ExitCode } from './exit-code.ts'
import type { JsonReport, PhaseReport } from './json-report.ts'
import { type Places, portable } from './portable.ts'
import type { Ending, FeatureResult, PhaseResult } from './result.ts'

/** Everything that a run reports. */
export interface RunReport {
  startedAt: Date
  durationMs: number
  ending: Ending
  /** Why the run could not begin or continue; otherwise empty. */
  reason: string
  exitCode: ExitCode
  cluster: NonNullable<JsonReport['cluster']> | undefined
  /** Images of the services. */
  images: readonly string[]
  /** Version of kubectl; undefined if the run did not get that far. */
  kubectl?: string | undefined
  /** Images of the proxies. */
  proxies?: readonly string[]
  /** Digests of the images, by their names. */
  digests?: Readonly<Record<string, string>>
  /** What the commands of all features need; undefined if no service was started. */
  byHand?: ByHandReport | undefined
  /** Of the first lane, opened or not; the others carry its name and a number. */
  namespace: string
  /** Of the lanes that were opened; empty if the run did not get that far. */
  namespaces: readonly string[]
  /** undefined if there was nothing to remove. */
  removal: Removed | undefined
  seed: number
  results: readonly FeatureResult[]
}

/** The report of a run: the source of all its forms. It contains no paths of this machine. */
export function toJson(report: RunReport, places: Places): JsonReport {
  const { startedAt, results, cluster, images, removal, namespaces, kubectl, proxies, digests, byHand, ...rest } =
    report
  const json = portable(
    {
      version: 1 as const,
      startedAt: startedAt.toISOString(),
      ...rest,
      lanes: namespaces.length,
      namespaces: [...namespaces],
      ...(removal === undefined ? {} : { removal }),
      cluster: cluster ?? null,
      versions: {
        prover: packageJson.version,
        node: process.version,
        images: [...images],
        ...(kubectl === undefined ? {} : { kubectl }),
        ...(proxies === undefined ? {} : { proxies: [...proxies] }),
        ...(digests === undefined ? {} : { digests: { ...digests } }),
      },
      features: results.map(({ on, control, ...result }) => ({
        ...result,
        hints: [...result.hints],
        waits: [...result.waits],
        commands: [...result.commands],
        on: phaseJson(on),
        control: phaseJson(control),
      })),
    },
    places,
  )
  // Manifests name paths in containers, never on this machine.
  return byHand === undefined ? json : { ...json, byHand }
}

function phaseJson(phase: PhaseResult | undefined): PhaseReport | null {
  if (phase === undefined) return null
  const { settled, findings, ...rest } = phase
  return {
    ...rest,
    settled: settled ?? null,
    findings: findings.map(({ holds, ...finding }) => ({ ...finding, holds: holds ?? null })),
  }
}
