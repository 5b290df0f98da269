import type { LiveState } from '@linkerd-scenario/contract'
import {
  forwardCommand,
  type MeshPromise,
  PROMISES,
  proveCommand,
  SECOND_PAGE_PORT,
  type Text,
  type Traffic,
  type Verdict,
} from '@linkerd-scenario/contract/promises'
import type { Store } from '../store.ts'
import { useText } from '../text/language.ts'
import { M } from '../text/messages.ts'
import { Command } from './command.tsx'
import { rowId } from './verdicts.tsx'

const VERDICT_NAMES: Record<Verdict, Text> = {
  'looks-on': M.looksOn,
  'looks-off': M.looksOff,
  'cannot-tell': M.cannotTell,
}

interface Props {
  traffic: Traffic | undefined
  state: LiveState | undefined
  store: Store
}

/** Each promise of the mesh: what to expect, what the current traffic looks like, and how to turn it on. */
export function Promises({ traffic, state, store }: Props) {
  const { say } = useText()
  return (
    <section class="card promises" aria-labelledby="promises-title">
      <h2 id="promises-title">{say(M.promises)}</h2>
      <p class="note">{say(M.promisesIntro)}</p>
      <ul>
        {Object.values(PROMISES).map((promise) => (
          <PromiseRow key={promise.id} promise={promise} traffic={traffic} state={state} store={store} />
        ))}
      </ul>
    </section>
  )
}

interface RowProps extends Props {
  promise: MeshPromise
}

function PromiseRow({ promise, traffic, state, store }: RowProps) {
  const { say } = useText()
  const judgement = traffic && promise.judge(traffic)
  const verdict = judgement?.verdict ?? 'cannot-tell'
  return (
    <li>
      <details id={rowId(promise.id)} class={`promise ${verdict}`} data-promise={promise.id} data-verdict={verdict}>
        <summary>
          <b>{say(promise.title)}</b>
          <span class="verdict">{say(promise.instead === undefined ? VERDICT_NAMES[verdict] : M.judgedElsewhere)}</span>
          <span class="why">{say(judgement?.why ?? M.noTraffic)}</span>
        </summary>
        <div class="body">
          <Expected promise={promise} />
          <TryIt promise={promise} state={state} store={store} />
          <p class="note">
            {say(M.howToProve)}: <code>docs/prove.md</code>
          </p>
        </div>
      </details>
    </li>
  )
}

/** The promise, and what you see without and with the feature. */
function Expected({ promise }: Pick<RowProps, 'promise'>) {
  const { say } = useText()
  return (
    <>
      <p class="claim">{say(promise.claim)}</p>
      <dl class="expected">
        <div>
          <dt>{say(M.wOff)}</dt>
          <dd>{say(promise.off)}</dd>
        </div>
        <div>
          <dt>{say(M.wOn)}</dt>
          <dd>{say(promise.on)}</dd>
        </div>
      </dl>
    </>
  )
}

/** The traffic that shows the promise, and the commands that switch the feature and prove it. */
function TryIt({ promise, state, store }: Omit<RowProps, 'traffic'>) {
  const { say } = useText()
  const { id, tryWith } = promise
  const tryTraffic = () => void store.change({ fault: '', route: '', ...tryWith, paused: false })
  return (
    <>
      {Object.keys(tryWith).length > 0 && (
        <button type="button" class="secondary" disabled={state === undefined} onClick={tryTraffic}>
          {say(M.tryTraffic)}
        </button>
      )}
      <Commands promise={promise} />
      <Command label={say(M.proveIt)} command={proveCommand(id)} />
    </>
  )
}

/** What to run to prepare, see and switch a promise. */
function Commands({ promise: { prepare, seenBy, instead, switchOn, switchOff } }: Pick<RowProps, 'promise'>) {
  const { say } = useText()
  const steps = [
    { label: say(M.instead), command: instead },
    { label: prepare && say(prepare.what), command: prepare?.command },
    {
      label: seenBy && say(M.seenBy, { consumer: seenBy, port: String(SECOND_PAGE_PORT) }),
      command: seenBy && forwardCommand(seenBy),
    },
    { label: say(M.switchOn), command: switchOn },
    { label: say(M.switchOff), command: switchOff },
    { label: prepare && say(M.undo, { what: say(prepare.what) }), command: prepare?.undo },
  ]
  return steps.map(({ label, command }) => label && command && <Command key={label} label={label} command={command} />)
}
