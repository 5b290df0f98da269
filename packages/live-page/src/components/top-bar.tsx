import type { Model } from '../model/model.ts'
import { type Language, useText } from '../text/language.ts'
import { M } from '../text/messages.ts'

export function TopBar({ model, onLanguage }: { model: Model; onLanguage: (language: Language) => void }) {
  const { say, language } = useText()
  const { connection, state, batch } = model
  return (
    <header class="top">
      <p class="brand">
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <rect width="20" height="20" rx="5" />
          <circle cx="6" cy="10" r="2.5" />
          <rect class="hole" x="11.500" y="4" width="4.500" height="4.500" rx="1" />
          <circle cx="13.700" cy="14" r="2.300" />
        </svg>
        linkerd-scenario
      </p>
      <ul class="facts">
        <li>
          <span class={`connection is-${connection}`} role="status">
            {say(M[connection])}
          </span>
        </li>
        {state && (
          <>
            <li>{say(state.consumer.meshed ? M.meshed : M.unmeshed)}</li>
            <li class="wide-only">{state.consumer.pod}</li>
            <li>{say(M.viewers, { n: batch?.viewers ?? state.viewers })}</li>
          </>
        )}
      </ul>
      <fieldset class="languages">
        <legend class="hidden">{say(M.language)}</legend>
        {(['en', 'es'] as const).map((one) => (
          <button key={one} type="button" lang={one} aria-pressed={one === language} onClick={() => onLanguage(one)}>
            {one === 'en' ? 'English' : 'Español'}
          </button>
        ))}
      </fieldset>
    </header>
  )
}
