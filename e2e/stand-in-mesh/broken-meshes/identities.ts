import type { BrokenMesh } from './broken-mesh.ts'

/** Who calls, and who is allowed to. */
export const IDENTITIES: readonly BrokenMesh[] = [
  { name: 'the identity is not told', behaviour: { identity: 'missing' }, denied: ['mtls-identity'], says: /none: 50/ },
  {
    name: 'a forged identity is believed',
    behaviour: { identity: 'forgeable' },
    denied: ['mtls-identity'],
    says: /forged/,
  },
  {
    name: "another's identity is told",
    behaviour: { identity: 'swapped' },
    denied: ['mtls-identity'],
    says: /stranger/,
  },
  {
    name: 'a policy lets everybody in',
    behaviour: { authorization: 'open' },
    denied: ['authorization', 'per-route-authorization'],
    says: /stranger/,
  },
  {
    name: 'a policy lets nobody in',
    behaviour: { authorization: 'closed' },
    denied: ['authorization', 'per-route-authorization'],
    says: /consumer/,
  },
  {
    name: 'a policy lets any meshed caller in',
    behaviour: { authorization: 'any-meshed' },
    denied: ['authorization'],
    says: /stranger/,
  },
  {
    name: 'a denial is a connection that breaks',
    behaviour: { authorization: 'hangs-up' },
    denied: ['authorization', 'per-route-authorization'],
    says: /403/,
  },
  {
    name: 'a denial that a service makes',
    behaviour: { authorization: 'from-the-app' },
    denied: ['authorization', 'per-route-authorization'],
    says: /provider: /,
  },
  {
    name: 'a policy for one route opens all',
    behaviour: { authorization: 'on-any-route' },
    denied: ['per-route-authorization'],
    says: /of \/other/,
  },
]
