import { duration } from '../../expectations/wording.ts'
import { writing } from '../by-hand-files.ts'
import type { FeatureReport, PhaseReport } from '../json-report.ts'
import { timeWording, VERDICT_WORD } from '../wording.ts'
import { figures } from './figures.ts'
import { type Html, html } from './template.ts'

/** What the commands of a feature need. */
export interface CommandFiles {
  /** The texts of files that no feature before names, by name. */
  own: Readonly<Record<string, string>>
  /** Those that another feature names, and which. */
  elsewhere: readonly { file: string; feature: string }[]
}

/**
 * Everything about one feature: claim, verdict, expectations and observations of both phases, charts, commands. `files`
 * is undefined for a report whose commands are those that the run ran.
 */
export function featureSection(result: FeatureReport, files?: CommandFiles): Html {
  const { feature, claim, verdict, reason, on, control, witnessesDisagree, hints } = result
  const charts = figures(result)
  return html`<section class="feature" id="${anchor(feature)}" aria-labelledby="${anchor(feature)}-title">
<h2 id="${anchor(feature)}-title">${feature} ${verdictBadge(verdict)}</h2>
<p class="claim">${claim}</p>
<p>${reason} <span class="muted">${timeWording(result)}</span></p>
${witnessesDisagree ? html`<p class="warning">The services and the proxies contradict each other.</p>` : undefined}
${phase('On', on)}
${phase('Control', control)}
${charts.length === 0 ? undefined : html`<div class="figures">${charts}</div>`}
${verdict === 'proved' || hints.length === 0 ? undefined : html`<h3>Where to look</h3><ul>${hints.map((hint) => html`<li>${withCode(hint)}</li>`)}</ul>`}
${commands(result, files)}
</section>`
}

/** The id of a feature's section. */
export function anchor(feature: string): string {
  return `feature-${feature.replace(/[^\w-]/g, '-')}`
}

/** A verdict with its own symbol, so that it can be read without colour. */
export function verdictBadge(verdict: FeatureReport['verdict']): Html {
  const sign = { proved: '✓', failed: '✗', 'not-proved': '✗', skipped: '–', error: '?' }[verdict]
  return html`<span class="badge ${verdict}"><span aria-hidden="true">${sign}</span> ${VERDICT_WORD[verdict]}</span>`
}

function phase(name: string, of: PhaseReport | null): Html | undefined {
  if (of === null) return undefined
  return html`<h3>${name}: ${of.state}</h3>
${settled(of)}
<table class="findings">
<thead><tr><th scope="col">Expected</th><th scope="col">Seen</th><th scope="col">Witness</th><th scope="col">Result</th></tr></thead>
<tbody>${of.findings.map(
    ({ says, seen, witness, holds }) =>
      html`<tr class="${holds === true ? '' : 'miss'}"><td>${says}</td><td>${seen}</td><td>${witness}</td><td class="${holds === true ? 'held' : 'missed'}">${holds === true ? '✓ holds' : holds === false ? '✗ missed' : '– no data'}</td></tr>`,
  )}</tbody>
</table>`
}

function settled({ settled: of }: PhaseReport): Html | undefined {
  if (of === null) return undefined
  const word = of.converged ? 'In force after' : 'Not reached within'
  return html`<p class="muted">${word} ${duration(of.waitedMs)}, ${of.observations} observations; then measured once.</p>`
}

function commands({ commands: all, evidence }: FeatureReport, files: CommandFiles | undefined): Html | undefined {
  if (all.length === 0) return undefined
  const count = all.filter((command) => !command.startsWith('# ')).length
  return html`<details><summary>Repeat it by hand: ${count} ${count === 1 ? 'command' : 'commands'}</summary>
${files === undefined ? undefined : html`<p>After the <a href="#by-hand">set-up</a> for all features.${files.elsewhere.map(({ file, feature }) => html` <code>${file}</code> is at <a href="#${anchor(feature)}">${feature}</a>.`)}</p>\n`}<pre><code>${all.join('\n')}</code></pre>
${files === undefined ? undefined : fileList(files.own)}${evidence === undefined ? undefined : html`<p>Logs, events and metrics: <code>${evidence}</code></p>`}
</details>`
}

/** Files, each folded, as commands that write them. */
export function fileList(files: Readonly<Record<string, string>>): Html[] {
  return Object.entries(files).map(
    ([name, text]) => html`<details class="file"><summary>File ${name}</summary>
<pre><code>${writing(name, text)}</code></pre>
</details>
`,
  )
}

/** Text in which the parts in backquotes become code elements. */
function withCode(text: string): Html[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
}
