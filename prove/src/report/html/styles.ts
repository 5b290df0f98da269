/** The style sheet of the page: light or dark as the reader prefers, always light on paper. */
export const STYLES = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #12161c);
  --panel: light-dark(#f5f7f9, #1b2129);
  --ink: light-dark(#16202b, #e6eaf0);
  --muted: light-dark(#55606d, #a7b1be);
  --line: light-dark(#d5dbe2, #36404c);
  --link: light-dark(#0b5394, #82bdf5);
  --good: light-dark(#0b6b3a, #62d394);
  --bad: light-dark(#b3261e, #ff9a90);
  --warn: light-dark(#8a5200, #f0b45b);
  --on: light-dark(#ffffff, #10151c);
  --c0: light-dark(#0b61a4, #6db3f2);
  --c1: light-dark(#b34700, #f4a259);
  --c2: light-dark(#00756a, #4fd1b5);
  --c3: light-dark(#7a3e9d, #c79be8);
  --c4: light-dark(#5f6670, #b4bbc6);
  --c5: light-dark(#a8245e, #f58fb4);
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 62rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
a { color: var(--link); }
h1 { margin: 0; font-size: 2.25rem; line-height: 1.15; letter-spacing: -0.015em; }
h2 { margin: 0 0 .25rem; font-size: 1.375rem; line-height: 1.3; }
h3 { margin: 1.25rem 0 .35rem; font-size: 1rem; }
p { margin: .35rem 0; max-width: 46rem; }
.kicker { margin: 0 0 .25rem; color: var(--muted); font-size: .875rem; font-weight: 600; letter-spacing: .06em; text-transform: uppercase; }
.lead { margin: .5rem 0 0; color: var(--muted); font-size: 1.125rem; }
.muted { color: var(--muted); font-size: .875rem; }
.claim { font-size: 1.0625rem; font-weight: 500; }
.warning { padding: .6rem .9rem; border-left: 4px solid var(--bad); background: var(--panel); }
section { margin-top: 2.5rem; }
section.feature { padding-top: 1.5rem; border-top: 1px solid var(--line); }
table { width: 100%; border-collapse: collapse; font-size: .9375rem; }
th, td { padding: .45rem .75rem .45rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { color: var(--muted); font-size: .8125rem; font-weight: 600; }
tbody th { font-weight: 600; }
td p, td ul { margin: .25rem 0 0; }
.overview, .changes { margin-top: 1rem; }
.overview th:nth-child(1) { width: 22%; }
.overview th:nth-child(3) { width: 8.5rem; }
.overview th:nth-child(4) { width: 5rem; }
.findings { table-layout: fixed; }
.findings th:nth-child(1) { width: 42%; }
.findings th:nth-child(3) { width: 6rem; }
.findings th:nth-child(4) { width: 6rem; }
.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.held { color: var(--good); white-space: nowrap; }
.missed { color: var(--bad); font-weight: 600; white-space: nowrap; }
.badge { display: inline-block; padding: 0 .55em; border: 1px solid currentColor; border-radius: 1em; font-size: .8125rem; font-weight: 600; line-height: 1.6; white-space: nowrap; vertical-align: .12em; }
.badge.proved { color: var(--good); }
.badge.failed, .badge.not-proved { color: var(--bad); }
.badge.skipped, .badge.error { color: var(--warn); }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.75rem 0 0; }
.tile { display: flex; flex-direction: column-reverse; min-width: 8rem; padding: .75rem 1rem; border-radius: .5rem; background: var(--panel); border-top: 3px solid var(--line); }
.tile dt { color: var(--muted); font-size: .875rem; }
.tile dd { margin: 0; font-size: 1.75rem; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
.tile.proved { border-color: var(--good); }
.tile.failed, .tile.not-proved { border-color: var(--bad); }
.tile.skipped, .tile.error { border-color: var(--warn); }
.changes th:nth-child(1) { width: 20%; padding-left: .6rem; border-left: 3px solid transparent; }
.changes th:nth-child(2), .changes th:nth-child(3) { width: 11rem; }
.miss td { background: var(--panel); }
.changes .regressed > th:nth-child(1) { border-left: 3px solid var(--bad); }
.changes .recovered > th:nth-child(1) { border-left: 3px solid var(--good); }
.changes .changed > th:nth-child(1), .changes .removed > th:nth-child(1) { border-left: 3px solid var(--warn); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem; margin-top: 1.25rem; }
figure { margin: 0; padding: .9rem 1rem; border-radius: .5rem; background: var(--panel); break-inside: avoid; }
figcaption { margin-bottom: .5rem; font-size: .875rem; font-weight: 600; }
.chart { display: block; width: 100%; height: auto; }
.chart text { fill: var(--ink); font-size: 13px; paint-order: stroke; stroke: var(--panel); stroke-width: 3px; }
.chart text.small { fill: var(--muted); font-size: 12px; }
.chart text.end { text-anchor: end; }
.chart text.middle { text-anchor: middle; }
.chart text.on { fill: var(--on); font-weight: 600; stroke: none; }
.axis, .grid { stroke: var(--line); fill: none; }
.whisker { stroke: var(--c0); stroke-width: 2; fill: none; }
.c0 { fill: var(--c0); } .c1 { fill: var(--c1); } .c2 { fill: var(--c2); }
.c3 { fill: var(--c3); } .c4 { fill: var(--c4); } .c5 { fill: var(--c5); }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; margin: .6rem 0 0; padding: 0; list-style: none; font-size: .8125rem; }
details { margin-top: 1.25rem; }
summary { color: var(--link); cursor: pointer; }
pre { margin: .5rem 0 0; padding: .75rem 1rem; border-radius: .5rem; background: var(--panel); font-size: .8125rem; line-height: 1.45; white-space: pre-wrap; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .9em; }
.facts, .meanings { display: grid; gap: .35rem 2rem; margin: .75rem 0; }
.facts { grid-template-columns: repeat(auto-fit, minmax(min(100%, 18rem), 1fr)); }
.facts > div { display: flex; gap: .75rem; }
.facts dt { flex: 0 0 7rem; color: var(--muted); }
.meanings > div { display: flex; gap: .75rem; }
.meanings dt { flex: 0 0 8rem; }
dd { margin: 0; }
@media (max-width: 40rem) {
  h1 { font-size: 1.75rem; }
  .overview th:nth-child(3), .overview th:nth-child(4) { width: auto; }
  table { font-size: .875rem; }
  .findings thead, .changes thead { display: none; }
  .findings tr, .changes tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  .findings td, .changes td { display: block; padding: .1rem 0; border: 0; }
  .changes tr > th:nth-child(1) { display: block; width: auto; padding-top: 0; padding-bottom: 0; border-bottom: 0; }
  .changes td { padding-left: .75rem; }
}
.versions { max-width: 40rem; }
@media print {
  :root { color-scheme: light; }
  @page { margin: 16mm 14mm; }
  body { max-width: none; padding: 0; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  h1 { font-size: 22pt; }
  h2, h3, .claim, .muted, thead { break-after: avoid; }
  summary { color: var(--ink); list-style: none; font-weight: 600; font-size: 9pt; }
  summary::-webkit-details-marker { display: none; }
  .overview { font-size: 8.5pt; }
  .overview th:nth-child(4) { width: 4rem; }
  table { font-size: 9pt; }
  th, td { padding: .25rem .6rem .25rem 0; }
  .figures { grid-template-columns: 1fr 1fr; gap: .6rem; }
  tr, .tile { break-inside: avoid; }
  section.feature { margin-top: 1.5rem; }
  a { color: inherit; text-decoration: none; }
  pre { font-size: 7pt; }
  details::details-content { content-visibility: visible; height: auto; }
}
`

/** For pages that have files to fold. On paper nobody copies them. */
export const FILE_STYLES = `.file { margin-top: .5rem; }
.paper { display: none; }
@media print {
  .file { display: none; }
  .paper { display: block; }
}
`
