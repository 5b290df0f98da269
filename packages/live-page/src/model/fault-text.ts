import type { FaultKind } from '@linkerd-scenario/contract'

/** The parameters of each kind of fault, besides rate, times and at, with the initial values in the builder. The compiler asks for each. */
export const FAULT_KINDS = {
  delay: { ms: '500', max: '' },
  status: { code: '503', 'retry-after': '' },
  reset: {},
  close: {},
  hang: {},
  truncate: { bytes: '10' },
  size: { bytes: '100000' },
} as const satisfies Record<FaultKind, Record<string, string>>

export type FaultKindName = keyof typeof FAULT_KINDS

/** The text form of one fault (docs/faults.md). Empty parameters are left out; the server validates the rest. */
export function faultText(kind: FaultKindName, parameters: Readonly<Record<string, string>>): string {
  const written = Object.entries(parameters)
    .map(([name, value]): [string, string] => [name, value.trim()])
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `;${name}=${name === 'at' ? JSON.stringify(value) : value}`)
  return kind + written.join('')
}
