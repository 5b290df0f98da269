import type { Comparison } from '../compare.ts'
import { changeWording, comparisonSummary, moment } from '../wording.ts'
import { type Html, html } from './template.ts'

/** What changed since an earlier run. */
export function comparisonSection(comparison: Comparison): Html {
  const { before, versions, features } = comparison
  return html`<section aria-labelledby="comparison-title">
<h2 id="comparison-title">What changed since ${moment(before)}</h2>
<p>Features: ${comparisonSummary(comparison)}.</p>
${
  versions.length === 0
    ? html`<p>All versions are the same.</p>`
    : html`<table><thead><tr><th scope="col">Version</th><th scope="col">Before</th><th scope="col">Now</th></tr></thead>
<tbody>${versions.map(({ name, before: old, after }) => html`<tr><th scope="row">${name}</th><td>${old}</td><td>${after}</td></tr>`)}</tbody></table>`
}
<table><thead><tr><th scope="col">Feature</th><th scope="col">Change</th></tr></thead>
<tbody>${features.map(
    (change) => html`<tr class="${change.kind}"><th scope="row">${change.feature}</th><td>${changeWording(change)}
${change.kind === 'regressed' ? html`<p>${change.after?.reason}</p>` : undefined}
${change.expectations.length === 0 ? undefined : html`<ul>${change.expectations.map((line) => html`<li>${line}</li>`)}</ul>`}</td></tr>`,
  )}</tbody></table>
</section>`
}
