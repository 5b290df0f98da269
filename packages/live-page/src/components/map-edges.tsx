import type { Edge } from '../model/edges.ts'
import type { Kind } from '../model/kind.ts'
import type { MapLayout } from '../model/map-layout.ts'
import type { Say } from '../text/language.ts'

interface Place {
  layout: MapLayout
  row: number
}

/** The calls to one pod: as wide as their share, with the failed ones dashed over it. */
export function EdgeLine({ edge, layout, row }: Place & { edge: Edge }) {
  const d = layout.edge(row)
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
export function LostLine({ kind, layout, row }: Place & { kind: Kind }) {
  return <path class={`edge lost stroke-${kind}`} d={layout.edge(row)} />
}

/** No call was answered yet. */
export function FutureLine({ layout }: Pick<Place, 'layout'>) {
  return <path class="edge future" d={layout.edge(0)} />
}

/** The share of the calls, in the middle of the line. */
export function ShareMark({ edge, layout, row, say }: Place & { edge: Edge; say: Say }) {
  if (edge.share === 0) return null
  const [[x1, y1], [x2, y2]] = [layout.start, layout.end(row)]
  return (
    <g transform={`translate(${(x1 + x2) / 2} ${(y1 + y2) / 2})`}>
      <rect class="pill" x="-30" y="-13" width="60" height="26" rx="13" />
      <text class="share" y="5" text-anchor="middle">
        {shareText(edge, say)}
      </text>
    </g>
  )
}

export const shareText = ({ share }: Edge, say: Say): string =>
  say({ en: '{share}', es: '{share}' }, { share: { share } })
