import type { Edge } from '../model/edges.ts'
import type { Kind } from '../model/kind.ts'
import type { Point } from '../model/map-layout.ts'
import type { Say } from '../text/language.ts'

interface Ends {
  from: Point
  to: Point
}

/** The calls to one pod: as wide as their share, with the failed ones dashed over it. */
export function EdgeLine({ edge, from, to }: Ends & { edge: Edge }) {
  const d = curve(from, to)
  return (
    <g class={edge.isGone ? 'gone' : ''}>
      <path class={`edge stroke-${edge.kind}`} d={d} stroke-width={2 + 14 * edge.share} />
      {edge.errors > 0 && (
        <path
          class="edge stroke-provider"
          d={d}
          stroke-width={1 + 14 * edge.share * edge.errors}
          stroke-dasharray="3 7"
        />
      )}
      {edge.share > 0 && <path class="flow" d={d} />}
    </g>
  )
}

/** The calls that no pod answered. */
export function LostLine({ kind, from, to }: Ends & { kind: Kind }) {
  return <path class={`edge lost stroke-${kind}`} d={curve(from, to)} />
}

/** The share of the calls, in the middle of the line. */
export function ShareMark({ edge, from, to, say }: Ends & { edge: Edge; say: Say }) {
  if (edge.share === 0) return null
  return (
    <g transform={`translate(${(from[0] + to[0]) / 2} ${(from[1] + to[1]) / 2})`}>
      <rect class="pill" x="-30" y="-13" width="60" height="26" rx="13" />
      <text class="share" y="5" text-anchor="middle">
        {say({ en: '{share}', es: '{share}' }, { share: { share: edge.share } })}
      </text>
    </g>
  )
}

function curve([x1, y1]: Point, [x2, y2]: Point): string {
  const bend = (x2 - x1) / 2
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}
