import { duration } from '../../expectations/wording.ts'
import type { FeatureReport, PhaseReport } from '../json-report.ts'
import { timeWording, VERDICT_WORD } from '../wording.ts'
import { figures } from './figures.ts'
import { type Html, html } from './template.ts'

/** Everything about one feature: claim, verdict, expectations and observations of both phases, charts, commands. */
export function featureSection(result: FeatureReport): Html {
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
${commands(result)}
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

function commands({ commands: all, evidence }: FeatureReport): Html | undefined {
  if (all.length === 0) return undefined
  return html`<details><summary>Repeat it by hand: ${all.length} ${all.length === 1 ? 'command' : 'commands'}</summary>
<pre><code>${all.join('\n')}</code></pre>
${evidence === undefined ? undefined : html`<p>Logs, events and metrics: <code>${evidence}</code></p>`}
</details>`
}

/** Text in which the parts in backquotes become code elements. */
function withCode(text: string): Html[] {
  return text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
}
