import { createHash } from 'node:crypto'
import { duration } from '../../expectations/wording.ts'
import { aboutByHand, filesIn, firstToName } from '../by-hand-files.ts'
import type { Comparison } from '../compare.ts'
import { type FeatureReport, type JsonReport, VERDICTS, type Verdict } from '../json-report.ts'
import { moment, namespacesWording, outcome, removalWording, VERDICT_WORD } from '../wording.ts'
import { comparisonSection } from './comparison-section.ts'
import { anchor, type CommandFiles, featureSection, fileList, verdictBadge } from './feature-section.ts'
import { FILE_STYLES, STYLES } from './styles.ts'
import { type Html, html, trusted } from './template.ts'

/** The page may use nothing but its style sheet: an injected script would not run. */
const policy = (styles: string) =>
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(styles).digest('base64')}'; base-uri 'none'; form-action 'none'`

/** The report as a single page without scripts or external resources: to read, to print, to send. */
export function toHtml(report: JsonReport, comparison?: Comparison): string {
  const { features, cluster, startedAt, byHand } = report
  const styles = byHand === undefined ? STYLES : STYLES + FILE_STYLES
  const title = `Mesh proof: ${outcome(report)}`
  return `<!doctype html>\n${
    html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy(styles))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="linkerd-scenario prove">
<title>${title}</title>
<style>${trusted(styles)}</style>
</head>
<body>
<header>
<p class="kicker">Mesh proof</p>
<h1>${headline(report)}</h1>
<p class="lead">${cluster === null ? 'No cluster was reached.' : `Linkerd ${cluster.linkerd} on Kubernetes ${cluster.kubernetes}, ${moment(startedAt)}`}</p>
</header>
<main>
${report.ending === 'finished' ? undefined : html`<p class="warning">${report.reason}</p>`}
${tiles(report)}
${comparison === undefined ? undefined : comparisonSection(comparison)}
${features.length === 0 ? undefined : overview(report)}
${features.map((feature) => featureSection(feature, commandFiles(feature, report)))}
${byHand === undefined ? undefined : html`${byHandSection(report, byHand)}\n`}${aboutTheRun(report)}
</main>
</body>
</html>
`.text
  }`
}

function headline(report: JsonReport): string {
  const { features, ending } = report
  if (ending === 'finished' && features.every(({ verdict }) => verdict === 'proved')) {
    return features.length === 1 ? 'The feature is proved' : `All ${features.length} features are proved`
  }
  if (features.length === 0) return ending === 'interrupted' ? 'The run was interrupted' : 'The run could not begin'
  return outcome({ ...report, ending: 'finished' })
}

function tiles({ features, durationMs }: JsonReport): Html {
  const count = (verdict: Verdict) => features.filter((feature) => feature.verdict === verdict).length
  const calls = features
    .flatMap(({ on, control }) => [...(on?.traffic ?? []), ...(control?.traffic ?? [])])
    .reduce((sum, { total }) => sum + total, 0)
  const checks = features.flatMap(({ on, control }) => [...(on?.findings ?? []), ...(control?.findings ?? [])]).length
  const tile = (value: string, name: string, look = '') =>
    html`<div class="${`tile ${look}`}"><dt>${name}</dt><dd>${value}</dd></div>`
  return html`<dl class="tiles">
${VERDICTS.filter((verdict) => verdict === 'proved' || count(verdict) > 0).map((verdict) => tile(String(count(verdict)), VERDICT_WORD[verdict], verdict))}
${tile(String(checks), 'expectations checked')}
${calls === 0 ? undefined : tile(calls.toLocaleString('en-GB'), 'calls measured')}
${tile(duration(durationMs), 'in all')}
</dl>`
}

function overview({ features }: JsonReport): Html {
  return html`<section aria-labelledby="overview-title">
<h2 id="overview-title">Overview</h2>
<p>Each promise of the mesh was tested with real traffic twice: with the feature on, and with it off as a control. It is proved where the promise was seen with it on and contradicted with it off. Two witnesses are heard: the services say what became of each call, and the mesh's proxies say what they counted.</p>
<table class="overview"><thead><tr><th scope="col">Feature</th><th scope="col">Promise</th><th scope="col">Verdict</th><th scope="col">Time</th></tr></thead>
<tbody>${features.map(
    ({ feature, claim, verdict, durationMs }) =>
      html`<tr><th scope="row"><a href="#${anchor(feature)}">${feature}</a></th><td>${claim}</td><td>${verdictBadge(verdict)}</td><td class="time">${duration(durationMs)}</td></tr>`,
  )}</tbody></table>
</section>`
}

/** The files of a feature's commands: each is shown once, with the first feature that names it. */
function commandFiles(feature: FeatureReport, { byHand, features }: JsonReport): CommandFiles | undefined {
  if (byHand === undefined) return undefined
  const first = firstToName(features)
  const named = filesIn(feature.commands)
  const isOwn = (file: string) => first.get(file) === feature
  return {
    own: Object.fromEntries(named.filter(isOwn).map((file) => [file, byHand.files[file] ?? ''])),
    elsewhere: named.filter((file) => !isOwn(file)).map((file) => ({ file, feature: first.get(file)?.feature ?? '' })),
  }
}

function byHandSection(report: JsonReport, { setUp, end, files }: NonNullable<JsonReport['byHand']>): Html {
  const own = Object.fromEntries(filesIn(setUp).map((file) => [file, files[file] ?? '']))
  return html`<section id="by-hand" aria-labelledby="by-hand-title">
<h2 id="by-hand-title">Repeat it by hand</h2>
<p>${aboutByHand(report)}</p>
<pre><code>${setUp.join('\n')}</code></pre>
${fileList(own)}<p>To remove everything:</p>
<pre><code>${end.join('\n')}</code></pre>
<p class="muted paper">The files are in the page on a screen, and in the JSON of this report.</p>
</section>`
}

const MEANING: Readonly<Record<Verdict, string>> = {
  proved: 'Every expectation held with the feature on, and the control contradicted it.',
  failed: 'With the feature on, something was not as promised.',
  'not-proved': 'The control showed the same, or something unexpected: nothing shows that the mesh is the cause.',
  skipped: 'The cluster lacks what the feature needs.',
  error: 'The measurement could not be made. This says nothing about the mesh.',
}

function aboutTheRun(report: JsonReport): Html {
  const { cluster, versions, seed, startedAt, durationMs, exitCode } = report
  const removal = removalWording(report)
  const facts: [name: string, value: string][] = [
    ['Started', moment(startedAt)],
    ['Took', duration(durationMs)],
    ...(cluster === null
      ? []
      : ([
          ['Context', cluster.context],
          ['API server', cluster.server],
          ['Linkerd', cluster.linkerd],
          ['Kubernetes', cluster.kubernetes],
          ['Gateway API', cluster.gatewayApi],
        ] as [string, string][])),
    ...(versions === undefined
      ? []
      : ([
          ['Images', versions.images.map((image) => withDigest(image, versions)).join(', ')],
          ...(versions.proxies?.length
            ? [['Proxies', versions.proxies.map((one) => withDigest(one, versions)).join(', ')]]
            : []),
          ...(versions.kubectl === undefined ? [] : [['kubectl', versions.kubectl]]),
          ['Prover', versions.prover],
          ['Node.js', versions.node],
        ] as [string, string][])),
    ['Namespace', namespacesWording(report)],
    ...(removal === undefined ? [] : ([['Removal', removal]] as [string, string][])),
    ['Seed', String(seed)],
    ['Exit code', String(exitCode)],
  ]
  return html`<section class="about" aria-labelledby="about-title">
<h2 id="about-title">About this run</h2>
<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<h3>What the verdicts mean</h3>
<dl class="meanings">${VERDICTS.map((verdict) => html`<div><dt>${verdictBadge(verdict)}</dt><dd>${MEANING[verdict]}</dd></div>`)}</dl>
<p class="muted">Run it again with the same choices: <code>npm run prove -- --seed ${seed}</code></p>
</section>`
}

function withDigest(image: string, { digests = {} }: NonNullable<JsonReport['versions']>): string {
  const digest = digests[image]
  return digest === undefined ? image : `${image} (${digest})`
}
