import { useId, useState } from 'preact/hooks'

interface Props {
  label: string
  value: string
  onCommit: (value: string) => void
  /** Called for every change while typing. */
  onDraft?: (value: string) => void
  type?: 'text' | 'number'
  min?: number
  max?: number
  step?: number | 'any'
  placeholder?: string
}

/** A labelled input. It commits on blur or Enter; until then nothing overwrites what is typed. */
export function Field({ label, value, onCommit, onDraft, type = 'text', min, max, step, placeholder }: Props) {
  const id = useId()
  const [draft, setDraft] = useState<string>()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        type={type as 'number'}
        min={min}
        max={max}
        step={step}
        placeholder={placeholder}
        value={draft ?? value}
        autocomplete="off"
        spellcheck={false}
        onInput={({ currentTarget }) => {
          setDraft(currentTarget.value)
          onDraft?.(currentTarget.value)
        }}
        onChange={({ currentTarget }) => {
          setDraft(undefined)
          onCommit(currentTarget.value)
        }}
      />
    </div>
  )
}
