import type { Text } from '@linkerd-scenario/contract/promises'
import { useId, useState } from 'preact/hooks'
import { FAULT_KINDS, type FaultKindName, faultText } from '../model/fault-text.ts'
import { useText } from '../text/language.ts'
import { M } from '../text/messages.ts'
import { Breakable } from './breakable.tsx'
import { Field } from './field.tsx'

const PARAMETER_NAMES: Record<string, Text> = {
  ms: M.pMs,
  max: M.pMax,
  code: M.pCode,
  'retry-after': M.pRetryAfter,
  bytes: M.pBytes,
}
const PRESETS: { name: Text; fault: string }[] = [
  { name: M.presetErrors, fault: 'status;code=503;rate=0.2' },
  { name: M.presetOnce, fault: 'status;code=503;times=1' },
  { name: M.presetSlow, fault: 'delay;ms=2000' },
  { name: M.presetReset, fault: 'reset;rate=0.2' },
]
/** The parameters that every kind has, with what holds when the field is empty. */
const COMMON: Record<string, { name: Text; placeholder: string }> = {
  rate: { name: M.faultRate, placeholder: '1' },
  times: { name: M.faultTimes, placeholder: '∞' },
  at: { name: M.faultAt, placeholder: 'provider' },
}

interface Props {
  /** The text form of the active fault; '' without one. */
  fault: string
  onFault: (fault: string) => void
}

/** Shows the active fault, and sets another: a preset, or one of your own. */
export function FaultBuilder({ fault, onFault }: Props) {
  const { say } = useText()
  return (
    <fieldset class="fault">
      <legend>{say(M.fault)}</legend>
      <ActiveFault fault={fault} onFault={onFault} />
      <Presets fault={fault} onFault={onFault} />
      <OwnFault onFault={onFault} />
    </fieldset>
  )
}

function ActiveFault({ fault, onFault }: Props) {
  const { say } = useText()
  if (fault === '') return <p class="note">{say(M.faultNone)}</p>
  return (
    <p class="active">
      <span class="tag">{say(M.faultActive)}</span>
      <button type="button" class="quiet" onClick={() => onFault('')}>
        {say(M.faultRemove)}
      </button>
      <code>
        <Breakable text={fault} />
      </code>
    </p>
  )
}

function Presets({ fault, onFault }: Props) {
  const { say } = useText()
  return (
    <div class="presets">
      {PRESETS.map(({ name, fault: preset }) => (
        <button
          key={preset}
          type="button"
          class="chip"
          aria-pressed={fault === preset}
          onClick={() => onFault(fault === preset ? '' : preset)}
        >
          {say(name)}
        </button>
      ))}
    </div>
  )
}

/** The kind and the parameters as fields, and the text that they make. */
function OwnFault({ onFault }: Pick<Props, 'onFault'>) {
  const { say } = useText()
  const [kind, setKind] = useState<FaultKindName>('status')
  const [typed, setTyped] = useState<Record<string, string>>({})
  const own: Record<string, string> = FAULT_KINDS[kind]
  const names = [...Object.keys(own), ...Object.keys(COMMON)]
  const values = Object.fromEntries(names.map((name) => [name, typed[name] ?? own[name] ?? '']))
  const text = faultText(kind, values)
  return (
    <details>
      <summary>{say(M.faultOwn)}</summary>
      <div class="fields">
        <KindSelect kind={kind} onKind={setKind} />
        {names.map((name) => {
          const take = (value: string) => setTyped((before) => ({ ...before, [name]: value }))
          return (
            <Field
              key={name}
              label={say(PARAMETER_NAMES[name] ?? COMMON[name]?.name ?? M.faultKind)}
              value={values[name] ?? ''}
              placeholder={COMMON[name]?.placeholder ?? ''}
              onDraft={take}
              onCommit={take}
            />
          )
        })}
      </div>
      <p class="compose">
        <button type="button" class="secondary" onClick={() => onFault(text)}>
          {say(M.faultInject)}
        </button>
        <code>{text}</code>
      </p>
      <p class="note">{say(M.faultHint)}</p>
    </details>
  )
}

function KindSelect({ kind, onKind }: { kind: FaultKindName; onKind: (kind: FaultKindName) => void }) {
  const { say } = useText()
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{say(M.faultKind)}</label>
      <select id={id} value={kind} onChange={({ currentTarget }) => onKind(currentTarget.value as FaultKindName)}>
        {Object.keys(FAULT_KINDS).map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}
