import type { Say } from '../text/language.ts'
import { M } from '../text/messages.ts'
import type { Model } from './model.ts'
import { OTHER } from './series.ts'
import type { Window } from './window.ts'

export type Mood = 'quiet' | 'good' | 'bad'

export interface Headline {
  mood: Mood
  title: string
  detail: string
}

/** The state of the traffic: a headline and one sentence of detail. */
export function headline(model: Model, window: Window | undefined, say: Say): Headline {
  const quiet = (title: string, detail = ''): Headline => ({ mood: 'quiet', title, detail })
  const { state, connection, batch } = model
  if (connection === 'lost') return { mood: 'bad', title: say(M.headLost), detail: say(M.headLostSub) }
  if (connection === 'draining') return quiet(say(M.headDraining), say(M.headDrainingSub))
  if (state === undefined) return quiet(say(M.headConnecting))
  const ended = batch?.totals.ended ?? 0
  if (state.stopped === 'limit') return quiet(say(M.headLimit), say(M.headLimitSub, { n: state.settings.minutes }))
  if (!state.running) {
    return ended === 0
      ? quiet(say(M.headReady), say(M.headReadySub))
      : quiet(say(M.headPaused), say(M.headPausedSub, { n: ended }))
  }
  if (state.settings.rate === 0) return quiet(say(M.headZero))
  if (window === undefined) return quiet(say(M.headStarting))
  if (window.counts.ended === 0) return quiet(say(M.headSlow), say(M.headSlowSub, { n: batch?.inFlight ?? 0 }))
  return ofCalls(window, say)
}

function ofCalls({ counts }: Window, say: Say): Headline {
  const { ended, failed, byVersion, byFailure } = counts
  if (failed === 0) {
    const versions = byCount(byVersion).map(([version, calls]) =>
      calls === ended
        ? version
        : `${version} (${say({ en: '{share}', es: '{share}' }, { share: { share: calls / ended } })})`,
    )
    return { mood: 'good', title: say(M.headGood), detail: say(M.headGoodSub, { versions: versions.join(', ') }) }
  }
  const [worst] = byCount(byFailure)
  return {
    mood: 'bad',
    title: failed === ended ? say(M.headAll) : say(M.headSome, { share: { share: failed / ended } }),
    detail: worst === undefined ? '' : say(M.headFailSub, { failure: failureText(worst[0], say) }),
  }
}

const byCount = (counts: Readonly<Record<string, number>>) => Object.entries(counts).toSorted(([, a], [, b]) => b - a)

/** "504 mesh outbound" as a phrase. */
export function failureText(name: string, say: Say): string {
  if (name === OTHER) return say(M.otherFailures)
  const [status = '', origin = '', proxy] = name.split(' ')
  const seen = status === 'none' ? say(M.noAnswer) : status
  if (origin === 'network') return say(M.failureNetwork, { status: seen })
  const who = {
    provider: M.byProvider,
    consumer: M.byConsumer,
    mesh: proxy === 'outbound' ? M.byOutbound : proxy === 'inbound' ? M.byInbound : M.byMesh,
  }[origin]
  if (who === undefined) return name
  return say(M.failureAs, { status: seen, who: say(who) })
}
