/**
 * The first version without a known weakness in each line of major versions that has one, of the packages that are
 * shipped: as published until September 2026. `npm run audit` asks the registry, where it answers; this holds where
 * it does not. A line below the first that is named is refused, one above the last is taken.
 */
export interface KnownWeakness {
  name: string
  safeFrom: readonly string[]
  /** Where to read of the latest of them: https://github.com/advisories */
  advisories: readonly string[]
}

export const KNOWN_WEAKNESSES: readonly KnownWeakness[] = [
  { name: 'ajv', safeFrom: ['6.14.0', '8.18.0'], advisories: ['GHSA-2g4f-4pwh-qvx6'] },
  { name: 'cookie', safeFrom: ['0.7.0'], advisories: ['GHSA-pxg6-pf52-xh8x'] },
  // 4.4.2 was published by somebody who had stolen the account.
  { name: 'debug', safeFrom: ['4.4.3'], advisories: ['GHSA-8mgj-vmr8-frr6'] },
  {
    name: 'fast-uri',
    safeFrom: ['3.1.6', '4.1.3'],
    advisories: ['GHSA-5jgf-p345-68v8', 'GHSA-f65p-4m7j-42xc', 'GHSA-fph4-wmhf-6fwf', 'GHSA-jqff-g426-hqxp'],
  },
  // Of 5.9.0 to 5.11.0 the close destroys what is in flight as well (fastify#6669).
  { name: 'fastify', safeFrom: ['5.12.2'], advisories: ['GHSA-w2qp-rph6-63g4', 'GHSA-3m5p-2c4r-xxw2'] },
  { name: 'find-my-way', safeFrom: ['9.7.0'], advisories: ['GHSA-c96f-x56v-gq3h'] },
  { name: 'ms', safeFrom: ['2.0.0'], advisories: ['GHSA-w9mr-4mfr-499f'] },
  { name: 'negotiator', safeFrom: ['0.6.1'], advisories: ['GHSA-7mc5-chhp-fmc3'] },
  { name: 'semver', safeFrom: ['7.5.2'], advisories: ['GHSA-c2qf-rxjj-qqgw'] },
  {
    name: 'undici',
    safeFrom: ['7.29.0', '8.10.0'],
    advisories: ['GHSA-8xcm-r25x-g524', 'GHSA-m8rv-5g2x-5cg5', 'GHSA-v3r7-h72x-cjcm', 'GHSA-vxpw-j846-p89q'],
  },
  { name: 'yaml', safeFrom: ['1.10.3', '2.8.3'], advisories: ['GHSA-48c2-rrv3-qjmp'] },
]

/** What is known against these versions: one line each, none where there is nothing. */
export function weaknessesOf(packages: readonly { name: string; version: string }[]): string[] {
  return packages.flatMap(({ name, version }) =>
    KNOWN_WEAKNESSES.filter((known) => known.name === name && !isSafe(version, known.safeFrom)).map(
      ({ safeFrom, advisories }) => `${name}@${version}: safe from ${safeFrom.join(' or ')} (${advisories.join(', ')})`,
    ),
  )
}

type Triple = readonly [number, number, number]

function isSafe(version: string, safeFrom: readonly string[]): boolean {
  const own = triple(version)
  const lines = safeFrom.map(triple)
  const last = lines.at(-1)
  const line = lines.find(([major]) => major === own[0])
  if (line !== undefined) return isAtLeast(own, line)
  return last !== undefined && own[0] > last[0]
}

// A prerelease counts as the version before which it comes: it may lack the cure.
function triple(version: string): Triple {
  const [numbers = '', prerelease] = version.split(/-(.*)/)
  const [major = 0, minor = 0, patch = 0] = numbers.split('.').map(Number)
  return [major, minor, prerelease === undefined ? patch : patch - 0.5]
}

function isAtLeast(a: Triple, b: Triple): boolean {
  for (const i of [0, 1, 2] as const) if (a[i] !== b[i]) return a[i] > b[i]
  return true
}
