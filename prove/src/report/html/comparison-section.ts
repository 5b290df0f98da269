import { duration } from '../../expectations/wording.ts'
import type { Comparison, FeatureChange } from '../compare.ts'
import { CHANGE_WORD, comparisonSummary, moment } from '../wording.ts'
import { verdictBadge } from './feature-section.ts'
import { type Html, html } from './template.ts'

/** What changed since an earlier run: versions, then each feature, regressions first. */
export function comparisonSection(comparison: Comparison): Html {
  const { before, features } = comparison
  return html`<section aria-labelledby="comparison-title">
<h2 id="comparison-title">What changed since ${moment(before)}</h2>
<p>Features: ${comparisonSummary(comparison)}.</p>
${versionTable(comparison)}
<table class="changes"><thead><tr><th scope="col">Feature</th><th scope="col">Before</th><th scope="col">Now</th><th scope="col">Change</th></tr></thead>
<tbody>${features.map(featureRow)}</tbody></table>
</section>`
}

function versionTable({ versions }: Comparison): Html {
  if (versions.length === 0) return html`<p>All versions are the same.</p>`
  return html`<table class="versions"><thead><tr><th scope="col">Version</th><th scope="col">Before</th><th scope="col">Now</th></tr></thead>
<tbody>${versions.map(({ name, before, after }) => html`<tr><th scope="row">${name}</th><td>${before}</td><td>${after}</td></tr>`)}</tbody></table>`
}

function featureRow({ feature, kind, before, after, expectations }: FeatureChange): Html {
  const side = (one: FeatureChange['before']) =>
    one === null
      ? html`–`
      : html`${verdictBadge(one.verdict)} <span class="muted time">${duration(one.durationMs)}</span>`
  return html`<tr class="${kind}"><th scope="row">${feature}</th><td>${side(before)}</td><td>${side(after)}</td><td>${CHANGE_WORD[kind]}
${kind === 'regressed' || kind === 'changed' ? html`<p>${after?.reason}</p>` : undefined}
${expectations.length === 0 ? undefined : html`<ul>${expectations.map((line) => html`<li>${line}</li>`)}</ul>`}</td></tr>`
}
