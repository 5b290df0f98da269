import type { BrokenMesh } from './broken-mesh.ts'

/** Calls that leave the cluster. */
export const EGRESS: readonly BrokenMesh[] = [
  { name: 'egress is not denied', behaviour: { egress: 'never' }, denied: ['egress'], says: /504/ },
  {
    name: 'egress is denied without a policy',
    behaviour: { egress: 'always-on' },
    denied: ['egress'],
    says: /without the EgressNetwork/,
  },
  { name: 'egress is denied late', behaviour: { egress: 'hangs' }, denied: ['egress'], says: /waits/ },
  {
    name: 'egress stays denied when the policy is gone',
    behaviour: { neverForgets: 'EgressNetwork' },
    denied: ['egress'],
    says: /without the EgressNetwork/,
  },
]
