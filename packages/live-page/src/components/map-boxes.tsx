import type { Edge } from '../model/edges.ts'
import { type Kind, SHAPES } from '../model/kind.ts'
import { BOX_HEIGHT, fitted, type MapLayout } from '../model/map-layout.ts'
import { type Say, useText } from '../text/language.ts'
import { M } from '../text/messages.ts'
import { shareText } from './map-edges.tsx'

/** Mean width of a letter of the small text, pixels. */
const LETTER = 6.8

/** The consumer's pod and its rate. */
export function ConsumerBox(props: { layout: MapLayout; pod: string; perSecond: number; isMeshed: boolean }) {
  const { layout, pod, perSecond, isMeshed } = props
  const { isNarrow, consumer, start } = layout
  const { width, height, top } = consumer
  const { say, language } = useText()
  return (
    <g transform={`translate(0 ${top})`}>
      <rect class="box" width={width} height={height} rx="12" />
      <text class="name" x="14" y={isNarrow ? 26 : 30}>
        {say(M.consumer)}
      </text>
      <text class="sub" x="14" y={isNarrow ? 45 : 49}>
        {fitted(pod, width - 32)}
      </text>
      <text
        class={isNarrow ? 'share' : 'sub'}
        x={isNarrow ? width - 14 : 14}
        y={isNarrow ? 26 : 74}
        text-anchor={isNarrow ? 'end' : 'start'}
      >
        {decimal(perSecond, language)}/s
      </text>
      <ProxyMark x={start[0]} y={start[1] - top} isThere={isMeshed} />
    </g>
  )
}

/** A pod that answered: its name and what is known of it. In a narrow picture also its share. */
export function PodBox({ edge, row, layout }: { edge: Edge; row: number; layout: MapLayout }) {
  const { isNarrow, podX, podWidth: width, top } = layout
  const { say, language } = useText()
  return (
    <g class={edge.isGone ? 'pod gone' : 'pod'} transform={`translate(${podX} ${top(row)})`}>
      <title>{edgeText(edge, say)}</title>
      <rect class={edge.errors > 0 ? 'box failing' : 'box'} width={width} height={BOX_HEIGHT} rx="12" />
      <path class={`fill-${edge.kind}`} d={SHAPES[edge.kind]} transform="translate(16 20)" />
      <text class="name small" x="46" y="25">
        {fitted(edge.pod, width - (isNarrow ? 64 : 52))}
      </text>
      <text class="sub" x="46" y="44">
        {factsOf(edge, width - (isNarrow ? 120 : 60), say, language)}
      </text>
      {isNarrow && edge.share > 0 && (
        <text class="share" x={width - 14} y="44" text-anchor="end">
          {shareText(edge, say)}
        </text>
      )}
      <ProxyMark x={0} y={BOX_HEIGHT / 2} isThere={edge.caller !== null} />
    </g>
  )
}

/** Calls that ended without a pod: a proxy answered, or nobody. */
export function SinkBox(props: { kind: Kind; text: string; row: number; layout: MapLayout }) {
  const { kind, text, row, layout } = props
  return (
    <g transform={`translate(${layout.podX} ${layout.top(row)})`}>
      <rect class="box dashed" width={layout.podWidth} height={BOX_HEIGHT} rx="12" />
      <path class={`fill-${kind}`} d={SHAPES[kind]} transform="translate(14 20)" fill-rule="evenodd" />
      <text class="name small" x="44" y={BOX_HEIGHT / 2 + 5}>
        {text}
      </text>
    </g>
  )
}

/** The address of the provider, before any call was answered. */
export function AddressBox({ address, layout }: { address: string; layout: MapLayout }) {
  return (
    <g transform={`translate(${layout.podX} ${layout.top(0)})`}>
      <rect class="box dashed" width={layout.podWidth} height={BOX_HEIGHT} rx="12" />
      <text class="sub" x="14" y={BOX_HEIGHT / 2 + 5}>
        {fitted(address, layout.podWidth - 28)}
      </text>
    </g>
  )
}

/** What a pod's box and its edge show, as a sentence. */
export function edgeText(edge: Edge, say: Say): string {
  return say(M.picturePod, {
    pod: edge.pod,
    share: { share: edge.share },
    ms: edge.meanMs ?? 0,
    errors: { share: edge.errors },
  })
}

/** As many of version, latency and errors as fit; the last matter most. */
function factsOf(edge: Edge, room: number, say: Say, language: string): string {
  const latency = edge.meanMs === null ? [] : [`${decimal(edge.meanMs, language)} ms`]
  const errors = edge.errors > 0 ? [say(M.errorsShort, { share: { share: edge.errors } })] : []
  const facts = [edge.version, ...(edge.isGone ? [say(M.gone)] : [...latency, ...errors])]
  while (facts.length > 1 && facts.join(' · ').length * LETTER > room) facts.shift()
  return facts.join(' · ')
}

/** A proxy is a small lock on the edge of its pod: closed if an identity was seen, absent without a proxy. */
function ProxyMark({ x, y, isThere }: { x: number; y: number; isThere: boolean }) {
  if (!isThere) return null
  return (
    <g class="proxy" transform={`translate(${x - 10} ${y - 10})`}>
      <circle cx="10" cy="10" r="11" />
      <path d="M6 9.500h8v5H6zM7.500 9.500V7.500a2.500 2.500 0 0 1 5 0v2" />
    </g>
  )
}

function decimal(value: number, language: string): string {
  return value.toLocaleString(language, { maximumSignificantDigits: 3 })
}
