import { type Kind, SHAPES } from '../model/kind.ts'

export function Shape({ kind }: { kind: Kind }) {
  return (
    <svg class={`shape kind-${kind}`} viewBox="0 0 20 20" aria-hidden="true">
      <path d={SHAPES[kind]} fill-rule="evenodd" />
    </svg>
  )
}
