import type { LiveCall, Origin } from '@linkerd-scenario/contract'

/** Who answered a call: a version of the provider, or the origin of the error. Each has its own colour and shape. */
export type Kind = 'v1' | 'v2' | 'other' | Origin

export function kindOf({ origin, version }: Pick<LiveCall, 'origin' | 'version'>): Kind {
  if (origin !== undefined) return origin
  return version === 'v1' || version === 'v2' ? version : 'other'
}

export const KINDS: readonly Kind[] = ['v1', 'v2', 'other', 'provider', 'mesh', 'network', 'consumer']

/** SVG paths in a 20 by 20 box. Answers are round or square; errors have sharp corners or holes. */
export const SHAPES: Record<Kind, string> = {
  v1: 'M10 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16z',
  v2: 'M5 3h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2z',
  other: 'M10 2.5l7.2 5.2-2.7 8.5h-9L2.800 7.700z',
  provider: 'M10 1.500l9 16.500H1z',
  mesh: 'M10 .5l9.500 9.500-9.500 9.500L.5 10zM10 6l-4 4 4 4 4-4z',
  network:
    'M4.500 1.700L10 7.200l5.500-5.500 2.800 2.800L12.800 10l5.500 5.500-2.800 2.800L10 12.800l-5.500 5.500-2.800-2.800L7.200 10 1.700 4.500z',
  consumer: 'M1 2h18l-9 16.500z',
}
