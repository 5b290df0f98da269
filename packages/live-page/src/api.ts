import type { LiveState, Problem, TrafficSettings } from '@linkerd-scenario/contract'
import { LIVE_PATHS } from '@linkerd-scenario/contract/live-limits'
import { urlOf } from './stream.ts'

/** The new state, or the consumer's reason for refusing it; undefined if the consumer does not answer. */
export type Answer = { state: LiveState } | { refused: string | undefined }

export const setTraffic = (settings: TrafficSettings): Promise<Answer> =>
  ask(LIVE_PATHS.traffic, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(settings),
  })

export const resetCounts = (): Promise<Answer> => ask(LIVE_PATHS.reset, { method: 'POST' })

async function ask(path: string, request: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(urlOf(path), request)
    const body: unknown = await response.json()
    return response.ok ? { state: body as LiveState } : { refused: (body as Problem).detail }
  } catch {
    return { refused: undefined }
  }
}
