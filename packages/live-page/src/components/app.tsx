import type { LiveCall } from '@linkerd-scenario/contract'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { headline } from '../model/headline.ts'
import { judgedTraffic, recentWindow } from '../model/window.ts'
import type { Store } from '../store.ts'
import { initialLanguage, type Language, LanguageContext, rememberLanguage, sayIn } from '../text/language.ts'
import { M } from '../text/messages.ts'
import { CallStory } from './call-story.tsx'
import { CallsGrid } from './calls-grid.tsx'
import { Charts } from './charts.tsx'
import { Controls } from './controls.tsx'
import { Hero } from './hero.tsx'
import { Picture } from './picture.tsx'
import { Promises } from './promises.tsx'
import { TopBar } from './top-bar.tsx'
import { Verdicts } from './verdicts.tsx'

const RECENT_S = 10

export function App({ store }: { store: Store }) {
  const [language, setLanguage] = useState<Language>(initialLanguage)
  const [selected, setSelected] = useState<LiveCall>()
  const [model, setModel] = useState(store.model)
  useEffect(() => store.subscribe(() => setModel(store.model)), [store])
  const say = sayIn(language)
  useEffect(() => {
    document.documentElement.lang = language
    document.title = say(M.title)
  }, [language])
  const choose = (chosen: Language) => {
    rememberLanguage(chosen)
    setLanguage(chosen)
  }
  const recent = useMemo(() => recentWindow(model, RECENT_S), [model.samples])
  const judged = useMemo(() => judgedTraffic(model), [model.samples, model.settingsAt])
  const isDimmed = model.connection !== 'live' || !model.state?.running
  return (
    <LanguageContext.Provider value={language}>
      <a class="skip" href="#calls">
        {say(M.skip)}
      </a>
      <TopBar model={model} onLanguage={choose} />
      <main class={isDimmed ? 'page still' : 'page'}>
        <Hero model={model} window={recent} headline={headline(model, recent, say)} />
        <Controls state={model.state} store={store} />
        <Verdicts traffic={judged} />
        <Picture model={model} window={recent} />
        <CallsGrid model={model} selected={selected} onSelect={setSelected} />
        <CallStory
          call={selected}
          meshed={model.state?.consumer.meshed ?? false}
          onClose={() => setSelected(undefined)}
        />
        <Charts samples={model.samples} />
        <Promises traffic={judged} state={model.state} store={store} />
      </main>
    </LanguageContext.Provider>
  )
}
