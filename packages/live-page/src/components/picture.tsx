import { type Edge, edgesOf } from '../model/edges.ts'
import { SHAPES } from '../model/kind.ts'
import type { Model } from '../model/model.ts'
import type { Window } from '../model/window.ts'
import { type Say, useText } from '../text/language.ts'
import { M } from '../text/messages.ts'
import { useWidth } from './use-width.ts'

interface Props {
  model: Model
  window: Window | undefined
}

const ROW = 78
const BOX = 60
const PAD = 14

/** The consumer, the pods that answered, and how much traffic goes to each. */
export function Picture({ model, window }: Props) {
  const { say, language } = useText()
  const { ref, width } = useWidth<HTMLDivElement>()
  const edges = edgesOf(model, window)
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 })
  const names = edges.pods.map((edge) => describe(edge, say)).join('; ')
  const isNarrow = width < 560
  const podWidth = isNarrow ? Math.min(190, width * 0.47) : Math.min(280, width * 0.34)
  const consumerWidth = isNarrow ? Math.min(112, width * 0.27) : 190
  const sinks = [
    ...(edges.byProxies > 0 ? [{ kind: 'mesh' as const, text: say(M.proxyErrors, { n: edges.byProxies }) }] : []),
    ...(edges.withoutAnswer > 0
      ? [{ kind: 'network' as const, text: say(M.networkErrors, { n: edges.withoutAnswer }) }]
      : []),
  ]
  const rows = Math.max(1, edges.pods.length + sinks.length)
  const height = Math.max(2, rows) * ROW + PAD
  const top = (row: number) => (height - rows * ROW) / 2 + row * ROW + (ROW - BOX) / 2
  const middle = height / 2
  const isMeshed = model.state?.consumer.meshed ?? false
  return (
    <section class="card picture" aria-labelledby="picture-title">
      <h2 id="picture-title">{say(M.picture)}</h2>
      <div ref={ref}>
        {width > 0 && (
          <svg
            class="map"
            width={width}
            height={height}
            viewBox={`0 0 ${width} ${height}`}
            role="img"
            aria-label={
              edges.pods.length === 0 ? say(M.pictureEmpty) : say(M.pictureLabel, { n: edges.pods.length, pods: names })
            }
          >
            {edges.pods.map((edge, row) => (
              <EdgeLine
                key={edge.pod}
                edge={edge}
                from={[consumerWidth, middle]}
                to={[width - podWidth, top(row) + BOX / 2]}
              />
            ))}
            {sinks.map(({ kind }, index) => (
              <path
                key={kind}
                class={`edge lost stroke-${kind}`}
                d={curve([consumerWidth, middle], [width - podWidth, top(edges.pods.length + index) + BOX / 2])}
              />
            ))}
            <g transform={`translate(0 ${middle - 46})`}>
              <rect class="box" width={consumerWidth} height="92" rx="12" />
              <text class={isNarrow ? 'name small' : 'name'} x="14" y="30">
                {say(M.consumer)}
              </text>
              <text class="sub" x="14" y="49">
                {fitted(model.state?.consumer.pod ?? '', consumerWidth - 32)}
              </text>
              <text class="sub" x="14" y="74">
                {number.format(window && model.state?.running ? window.counts.ended / window.seconds : 0)}/s
              </text>
              <ProxyMark x={consumerWidth} y={46} isThere={isMeshed} />
            </g>
            {edges.pods.map((edge, row) => (
              <PodBox
                key={edge.pod}
                edge={edge}
                x={width - podWidth}
                y={top(row)}
                width={podWidth}
                say={say}
                number={number}
              />
            ))}
            {sinks.map(({ kind, text }, index) => (
              <g key={kind} transform={`translate(${width - podWidth} ${top(edges.pods.length + index)})`}>
                <rect class="box dashed" width={podWidth} height={BOX} rx="12" />
                <path class={`fill-${kind}`} d={SHAPES[kind]} transform="translate(14 20)" fill-rule="evenodd" />
                <text class="name small" x="44" y={BOX / 2 + 5}>
                  {text}
                </text>
              </g>
            ))}
            {edges.pods.length + sinks.length === 0 && (
              <g transform={`translate(${width - podWidth} ${top(0)})`}>
                <rect class="box dashed" width={podWidth} height={BOX} rx="12" />
                <text class="sub" x="14" y={BOX / 2 + 5}>
                  {fitted(model.state?.provider ?? '…', podWidth - 28)}
                </text>
              </g>
            )}
            {edges.pods.map((edge, row) => (
              <ShareMark
                key={edge.pod}
                edge={edge}
                x={(consumerWidth + width - podWidth) / 2}
                y={(middle + top(row) + BOX / 2) / 2}
                say={say}
              />
            ))}
          </svg>
        )}
      </div>
      {edges.pods.length === 0 && <p class="note">{say(M.pictureEmpty)}</p>}
      {edges.hidden > 0 && <p class="note">{say(M.morePods, { n: edges.hidden })}</p>}
      <IdentityNote edges={edges.pods} isMeshed={isMeshed} />
    </section>
  )
}

type Point = readonly [x: number, y: number]

function curve([x1, y1]: Point, [x2, y2]: Point): string {
  const bend = (x2 - x1) / 2
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`
}

function EdgeLine({ edge, from, to }: { edge: Edge; from: Point; to: Point }) {
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

function ShareMark({ edge, x, y, say }: { edge: Edge; x: number; y: number; say: Say }) {
  if (edge.share === 0) return null
  return (
    <g transform={`translate(${x} ${y})`}>
      <rect class="pill" x="-30" y="-13" width="60" height="26" rx="13" />
      <text class="share" y="5" text-anchor="middle">
        {say({ en: '{share}', es: '{share}' }, { share: { share: edge.share } })}
      </text>
    </g>
  )
}

interface PodProps {
  edge: Edge
  x: number
  y: number
  width: number
  say: Say
  number: Intl.NumberFormat
}

function PodBox({ edge, x, y, width, say, number }: PodProps) {
  const latency = edge.meanMs === null ? '' : `${number.format(edge.meanMs)} ms`
  const errors = edge.errors > 0 ? say(M.errorsShort, { share: { share: edge.errors } }) : ''
  const figures = width < 200 && errors !== '' ? [errors] : [latency, errors]
  const facts = [...(width < 200 ? [] : [edge.version]), ...(edge.isGone ? [say(M.gone)] : figures)]
  return (
    <g class={edge.isGone ? 'pod gone' : 'pod'} transform={`translate(${x} ${y})`}>
      <title>{describe(edge, say)}</title>
      <rect class={edge.errors > 0 ? 'box failing' : 'box'} width={width} height={BOX} rx="12" />
      <path class={`fill-${edge.kind}`} d={SHAPES[edge.kind]} transform="translate(16 20)" />
      <text class="name small" x="46" y="25">
        {fitted(edge.pod, width - 52)}
      </text>
      <text class="sub" x="46" y="44">
        {facts.filter((fact) => fact !== '').join(' · ')}
      </text>
      <ProxyMark x={0} y={BOX / 2} isThere={edge.caller !== null} />
    </g>
  )
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

function IdentityNote({ edges, isMeshed }: { edges: readonly Edge[]; isMeshed: boolean }) {
  const { say } = useText()
  if (edges.length === 0) return null
  const identity = edges.find(({ caller }) => caller !== null)?.caller
  return (
    <p class="identity">
      <span class={identity ? 'tag on' : 'tag'}>{say(identity ? M.mtls : isMeshed ? M.plain : M.unmeshed)}</span>
      {identity ? <code>{identity}</code> : say(M.plain)}
    </p>
  )
}

function describe(edge: Edge, say: Say): string {
  return say(M.picturePod, {
    pod: edge.pod,
    share: { share: edge.share },
    ms: edge.meanMs ?? 0,
    errors: { share: edge.errors },
  })
}

/** A long name loses its middle: its beginning identifies the workload, its end the pod. */
function fitted(name: string, width: number): string {
  const fits = Math.max(6, Math.floor(width / 8.3))
  if (name.length <= fits) return name
  const end = Math.min(6, fits - 3)
  return `${name.slice(0, fits - end - 1)}…${name.slice(-end)}`
}
