import type { LiveState, TrafficSettings } from '@linkerd-scenario/contract'
import { LIVE_LIMITS } from '@linkerd-scenario/contract/live-limits'
import { useState } from 'preact/hooks'
import type { Answer } from '../api.ts'
import { burstCommand, trafficCommand } from '../model/curl.ts'
import type { Store } from '../store.ts'
import { useText } from '../text/language.ts'
import { M } from '../text/messages.ts'
import { Command } from './command.tsx'
import { FaultBuilder } from './fault-builder.tsx'
import { Field } from './field.tsx'

interface Props {
  state: LiveState | undefined
  store: Store
}

/** The steps of the slider. */
const RATES = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]

/** The buttons, and the settings of the traffic with the commands that do the same. */
export function Controls({ state, store }: Props) {
  const { say } = useText()
  const [refusal, setRefusal] = useState<string>()
  const take = (answer: Answer | undefined) => {
    if (answer !== undefined) setRefusal('state' in answer ? undefined : (answer.refused ?? say(M.unreachable)))
  }
  const set = (patch: Partial<TrafficSettings>) => {
    void store.change(patch).then(take)
  }
  return (
    <>
      <Buttons state={state} onPause={(paused) => set({ paused })} onReset={() => void store.reset().then(take)} />
      <section class="card controls" aria-labelledby="traffic">
        <h2 id="traffic">{say(M.traffic)}</h2>
        {refusal !== undefined && (
          <p class="refusal" role="alert">
            {say(M.refused, { detail: refusal })}
          </p>
        )}
        {state && <Settings state={state} set={set} />}
      </section>
    </>
  )
}

interface ButtonsProps {
  state: LiveState | undefined
  onPause: (paused: boolean) => void
  onReset: () => void
}

function Buttons({ state, onPause, onReset }: ButtonsProps) {
  const { say } = useText()
  const isUnknown = state === undefined
  const isRunning = state?.running ?? false
  return (
    <div class="buttons">
      <button
        type="button"
        class={isRunning ? 'secondary' : 'primary'}
        disabled={isUnknown}
        onClick={() => onPause(isRunning)}
      >
        {say(isRunning ? M.pause : M.start)}
      </button>
      <button type="button" class="quiet" disabled={isUnknown} onClick={onReset}>
        {say(M.reset)}
      </button>
    </div>
  )
}

interface SettingsProps {
  settings: TrafficSettings
  set: (patch: Partial<TrafficSettings>) => void
}

function Settings({ state, set }: { state: LiveState; set: SettingsProps['set'] }) {
  const { say, language } = useText()
  const { settings } = state
  const until = state.until == null ? undefined : new Date(state.until)
  return (
    <>
      <RateControl rate={settings.rate} onRate={(rate) => set({ rate })} />
      <FaultBuilder fault={settings.fault} onFault={(fault) => set({ fault })} />
      <Field label={say(M.route)} value={settings.route} placeholder="v2" onCommit={(route) => set({ route })} />
      <MoreSettings settings={settings} set={set} />
      <Command label={say(M.commandSet)} command={trafficCommand(document.baseURI, settings)} />
      <details>
        <summary>{say(M.commands)}</summary>
        <Command label={say(M.commandBurst)} command={burstCommand(document.baseURI, settings)} />
      </details>
      <p class="note">
        {until && `${say(M.until, { time: until.toLocaleTimeString(language) })} `}
        {say(M.shared)}
      </p>
    </>
  )
}

function MoreSettings({ settings, set }: SettingsProps) {
  const { say } = useText()
  return (
    <details>
      <summary>{say(M.more)}</summary>
      <Field label={say(M.in)} value={settings.in} onCommit={(text) => set({ in: text })} />
      <Field
        label={say(M.concurrency)}
        type="number"
        min={1}
        max={LIVE_LIMITS.concurrency}
        value={String(settings.concurrency)}
        onCommit={(value) => set({ concurrency: Number(value) })}
      />
      <Field
        label={say(M.minutes)}
        type="number"
        min={1}
        max={LIVE_LIMITS.minutes}
        value={String(settings.minutes)}
        onCommit={(value) => set({ minutes: Number(value) })}
      />
    </details>
  )
}

function RateControl({ rate, onRate }: { rate: number; onRate: (rate: number) => void }) {
  const { say } = useText()
  const place = RATES.findLastIndex((one) => one <= rate)
  return (
    <div class="rate">
      <Field
        label={say(M.rateLabel)}
        type="number"
        min={0}
        max={LIVE_LIMITS.rate}
        step="any"
        value={String(rate)}
        onCommit={(value) => onRate(Number(value))}
      />
      <input
        type="range"
        min={0}
        max={RATES.length - 1}
        value={place}
        aria-label={say(M.rateLabel)}
        aria-valuetext={String(rate)}
        onChange={({ currentTarget }) => onRate(RATES[Number(currentTarget.value)] ?? 0)}
      />
    </div>
  )
}
