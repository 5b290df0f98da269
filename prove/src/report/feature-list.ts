import type { Feature, Need } from '../feature.ts'

/** One line per feature, with what it needs. */
export function featureList(features: readonly Feature[]): string {
  const width = Math.max(...features.map(({ name }) => name.length))
  return features
    .map(({ name, claim, needs }) => {
      const needed = needs.length === 0 ? 'Linkerd' : needs.map(nameOf).join(', ')
      return `${name.padEnd(width)}  ${claim}\n${' '.repeat(width)}  needs ${needed}\n`
    })
    .join('')
}

const nameOf = (need: Need) =>
  'crd' in need ? need.crd : `Linkerd ${need.since.edge} or ${need.since.release}, for ${need.what}`
