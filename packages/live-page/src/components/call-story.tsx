import type { LiveCall } from '@linkerd-scenario/contract'
import type { Text } from '@linkerd-scenario/contract/promises'
import { failureText } from '../model/headline.ts'
import { kindOf } from '../model/kind.ts'
import { type Step, type Story, storyOf } from '../model/story.ts'
import { useText } from '../text/language.ts'
import { M } from '../text/messages.ts'
import { Breakable } from './breakable.tsx'
import { KIND_NAMES } from './kind-names.ts'
import { Shape } from './shape.tsx'

const STEP_NAMES: Record<Step, Text> = {
  answered: M.answeredHere,
  failed: M.failedHere,
  passed: M.passed,
  unseen: M.neverSaw,
  absent: M.noProxy,
  unknown: M.unknownHop,
}

interface Props {
  call: LiveCall | undefined
  meshed: boolean
  onClose: () => void
}

/** One call's way through both proxies, and all that is known of it. */
export function CallStory({ call, meshed, onClose }: Props) {
  const { say } = useText()
  return (
    <section class="card story" aria-labelledby="story-title">
      <h2 id="story-title">{call ? say(M.storyCall, { id: call.id }) : say(M.story)}</h2>
      {call === undefined ? (
        <>
          <p class="note">{say(M.storyEmpty)}</p>
          <Way />
        </>
      ) : (
        <>
          <button type="button" class="quiet close" onClick={onClose}>
            {say(M.close)}
          </button>
          <p class="lead">
            <Shape kind={kindOf(call)} /> {leadOf(call, say)}
          </p>
          <Way story={storyOf(call, meshed)} />
          <Facts call={call} />
          {call.problem && <ProblemDocument problem={call.problem} />}
        </>
      )}
    </section>
  )
}

function leadOf(call: LiveCall, say: ReturnType<typeof useText>['say']): string {
  if (call.origin === undefined) return `${call.status ?? say(M.noAnswer)}, ${say(KIND_NAMES[kindOf(call)])}`
  return failureText([call.status ?? 'none', call.origin, call.proxy ?? ''].join(' ').trim(), say)
}

/** The four hops of a call, with what happened at each. */
function Way({ story }: { story?: Story }) {
  const { say } = useText()
  const hops = [
    { name: say(M.consumer), step: story?.consumer },
    { name: say(M.itsProxy), step: story?.outbound },
    { name: say(M.providerProxy), step: story?.inbound },
    { name: say(M.provider), step: story?.provider },
  ]
  return (
    <ol class="way">
      {hops.map(({ name, step }) => (
        <li key={name} class={`step-${step ?? 'unseen'}`}>
          <b>{name}</b>
          {step && <span>{say(STEP_NAMES[step])}</span>}
        </li>
      ))}
    </ol>
  )
}

function Facts({ call }: { call: LiveCall }) {
  const { say, language } = useText()
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 })
  const inProvider = call.hops.at(-1)?.durationMs
  const ms = `${number.format(call.latencyMs)} ms`
  const latency = inProvider === undefined ? ms : `${ms} (${number.format(inProvider)} ms ${say(M.sInProvider)})`
  const facts: [Text, string | undefined][] = [
    [M.sLatency, latency],
    [M.sAttempt, call.attempt?.toString()],
    [M.sPod, call.pod],
    [M.sIdentity, call.caller === null ? say(M.sNoIdentity) : call.caller],
    [M.sProxyError, call.proxyError],
    [M.sMessage, call.message],
    [M.sRequestId, call.requestId],
  ]
  return (
    <dl class="facts-list">
      {facts.map(([name, value]) =>
        value === undefined ? null : (
          <div key={name.en}>
            <dt>{say(name)}</dt>
            <dd>
              <Breakable text={value} />
            </dd>
          </div>
        ),
      )}
    </dl>
  )
}

function ProblemDocument({ problem }: { problem: object }) {
  const { say } = useText()
  return (
    <>
      <h3>{say(M.sProblem)}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard */}
      <pre class="problem" tabIndex={0}>
        {JSON.stringify(problem, undefined, 2)}
      </pre>
    </>
  )
}
