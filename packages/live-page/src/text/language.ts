import { type Figure, type Text, withFigures } from '@linkerd-scenario/contract/promises'
import { createContext } from 'preact'
import { useContext, useMemo } from 'preact/hooks'

export type Language = keyof Text

const STORED_AS = 'linkerd-scenario.language'

/** The language that was chosen before, or else the browser's. */
export function initialLanguage(): Language {
  const chosen = stored()
  if (chosen === 'en' || chosen === 'es') return chosen
  return navigator.languages.find((language) => /^(en|es)\b/.test(language))?.startsWith('es') ? 'es' : 'en'
}

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(STORED_AS, language)
  } catch {
    // Storage may be forbidden; the choice then lasts as long as the page.
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED_AS)
  } catch {
    return null
  }
}

export const LanguageContext = createContext<Language>('en')

export type Say = (text: Text, figures?: Readonly<Record<string, Figure>>) => string

/** The words and the language of the page. */
export function useText(): { say: Say; language: Language } {
  const language = useContext(LanguageContext)
  // The same function until the language changes: `Cell` compares it.
  const say = useMemo(() => sayIn(language), [language])
  return { say, language }
}

export const sayIn =
  (language: Language): Say =>
  (text, figures = {}) =>
    withFigures(text, figures)[language]
