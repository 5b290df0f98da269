import { type Edge, type Edges, edgesOf } from '../model/edges.ts'
import type { Kind } from '../model/kind.ts'
import { mapLayout } from '../model/map-layout.ts'
import type { Model } from '../model/model.ts'
import type { Window } from '../model/window.ts'
import { type Say, useText } from '../text/language.ts'
import { M } from '../text/messages.ts'
import { Breakable } from './breakable.tsx'
import { AddressBox, ConsumerBox, edgeText, PodBox, SinkBox } from './map-boxes.tsx'
import { EdgeLine, FutureLine, LostLine, ShareMark } from './map-edges.tsx'
import { useWidth } from './use-width.ts'

interface Props {
  model: Model
  window: Window | undefined
}

/** The consumer, the pods that answered, and how much traffic goes to each. */
export function Picture({ model, window }: Props) {
  const { say } = useText()
  const { ref, width } = useWidth<HTMLDivElement>()
  const edges = edgesOf(model, window)
  return (
    <section class="card picture" aria-labelledby="picture-title">
      <h2 id="picture-title">{say(M.picture)}</h2>
      <div ref={ref}>{width > 0 && <TrafficMap model={model} window={window} edges={edges} width={width} />}</div>
      {edges.pods.length === 0 && <p class="note">{say(M.pictureEmpty)}</p>}
      {edges.hidden > 0 && <p class="note">{say(M.morePods, { n: edges.hidden })}</p>}
      <IdentityNote edges={edges.pods} isMeshed={model.state?.consumer.meshed ?? false} />
    </section>
  )
}

function TrafficMap({ model: { state }, window, edges, width }: Props & { edges: Edges; width: number }) {
  const { say } = useText()
  const { pods } = edges
  const sinks = sinksOf(edges, say)
  const layout = mapLayout(width, pods.length + sinks.length)
  const isEmpty = pods.length + sinks.length === 0
  return (
    <svg
      class="map"
      width={width}
      height={layout.height}
      viewBox={`0 0 ${width} ${layout.height}`}
      role="img"
      aria-label={labelOf(pods, say)}
    >
      {pods.map((edge, row) => (
        <EdgeLine key={edge.pod} edge={edge} layout={layout} row={row} />
      ))}
      {sinks.map(({ kind }, index) => (
        <LostLine key={kind} kind={kind} layout={layout} row={pods.length + index} />
      ))}
      {isEmpty && <FutureLine layout={layout} />}
      <ConsumerBox
        layout={layout}
        pod={state?.consumer.pod ?? ''}
        perSecond={window && state?.running ? window.counts.ended / window.seconds : 0}
        isMeshed={state?.consumer.meshed ?? false}
      />
      {pods.map((edge, row) => (
        <PodBox key={edge.pod} edge={edge} row={row} layout={layout} />
      ))}
      {sinks.map(({ kind, text }, index) => (
        <SinkBox key={kind} kind={kind} text={text} row={pods.length + index} layout={layout} />
      ))}
      {isEmpty && <AddressBox address={state?.provider ?? '…'} layout={layout} />}
      {!layout.isNarrow &&
        pods.map((edge, row) => <ShareMark key={edge.pod} edge={edge} layout={layout} row={row} say={say} />)}
    </svg>
  )
}

function sinksOf({ byProxies, withoutAnswer }: Edges, say: Say): { kind: Kind; text: string }[] {
  return [
    ...(byProxies > 0 ? [{ kind: 'mesh' as const, text: say(M.proxyErrors, { n: byProxies }) }] : []),
    ...(withoutAnswer > 0 ? [{ kind: 'network' as const, text: say(M.networkErrors, { n: withoutAnswer }) }] : []),
  ]
}

function labelOf(pods: readonly Edge[], say: Say): string {
  if (pods.length === 0) return say(M.pictureEmpty)
  return say(M.pictureLabel, { n: pods.length, pods: pods.map((edge) => edgeText(edge, say)).join('; ') })
}

function IdentityNote({ edges, isMeshed }: { edges: readonly Edge[]; isMeshed: boolean }) {
  const { say } = useText()
  if (edges.length === 0) return null
  const identity = edges.find(({ caller }) => caller !== null)?.caller
  return (
    <p class="identity">
      <span class={identity ? 'tag on' : 'tag'}>{say(identity ? M.mtls : M.plain)}</span>
      {identity ? (
        <code>
          <Breakable text={identity} />
        </code>
      ) : (
        !isMeshed && say(M.unmeshed)
      )}
    </p>
  )
}
