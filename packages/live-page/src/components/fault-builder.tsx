import type { Text } from '@linkerd-scenario/contract/promises'
import { useId, useState } from 'preact/hooks'
import { FAULT_KINDS, type FaultKindName, faultText } from '../model/fault-text.ts'
import { useText } from '../text/language.ts'
import { M } from '../text/messages.ts'
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
const COMMON = { rate: '', times: '', at: '' }

/** Builds one fault, and shows the active one. */
export function FaultBuilder({ fault, onFault }: { fault: string; onFault: (fault: string) => void }) {
  const { say } = useText()
  const id = useId()
  const [kind, setKind] = useState<FaultKindName>('status')
  const [typed, setTyped] = useState<Record<string, string>>({})
  const own: Record<string, string> = FAULT_KINDS[kind]
  const value = (name: string) => typed[name] ?? own[name] ?? ''
  const text = faultText(
    kind,
    Object.fromEntries([...Object.keys(own), ...Object.keys(COMMON)].map((n) => [n, value(n)])),
  )
  const field = (name: string, label: string, placeholder?: string) => {
    const take = (typedValue: string) => setTyped((before) => ({ ...before, [name]: typedValue }))
    return (
      <Field
        key={name}
        label={label}
        value={value(name)}
        placeholder={placeholder ?? ''}
        onDraft={take}
        onCommit={take}
      />
    )
  }
  return (
    <fieldset class="fault">
      <legend>{say(M.fault)}</legend>
      {fault === '' ? (
        <p class="note">{say(M.faultNone)}</p>
      ) : (
        <p class="active">
          <span class="tag">{say(M.faultActive)}</span> <code>{fault}</code>
          <button type="button" class="quiet" onClick={() => onFault('')}>
            {say(M.faultRemove)}
          </button>
        </p>
      )}
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
      <details>
        <summary>{say(M.faultOwn)}</summary>
        <div class="fields">
          <div class="field">
            <label for={id}>{say(M.faultKind)}</label>
            <select
              id={id}
              value={kind}
              onChange={({ currentTarget }) => setKind(currentTarget.value as FaultKindName)}
            >
              {Object.keys(FAULT_KINDS).map((name) => (
                <option key={name} value={name}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          {Object.keys(own).map((name) => field(name, say(PARAMETER_NAMES[name] ?? M.faultKind)))}
          {field('rate', say(M.faultRate), '1')}
          {field('times', say(M.faultTimes), '∞')}
          {field('at', say(M.faultAt), 'provider')}
        </div>
        <p class="compose">
          <button type="button" class="secondary" onClick={() => onFault(text)}>
            {say(M.faultInject)}
          </button>
          <code>{text}</code>
        </p>
        <p class="note">{say(M.faultHint)}</p>
      </details>
    </fieldset>
  )
}
