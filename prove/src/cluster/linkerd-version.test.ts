import { expect, test } from 'vitest'
import { isSince } from './linkerd-version.ts'

const since = { edge: 'edge-26.6.2', release: '2.20' }

test.each([
  ['edge-26.6.2', true],
  ['edge-26.6.3', true],
  ['edge-26.10.1', true],
  ['edge-27.1.1', true],
  ['edge-26.6.1', false],
  ['edge-26.5.9', false],
  ['edge-25.12.4', false],
  ['2.20.0', true],
  ['stable-2.20', true],
  ['enterprise-2.21.1', true],
  ['stable-2.14.10', false],
  ['enterprise-2.19.9', false],
  ['dev-1a2b3c', false],
  ['unknown', false],
])('%s: %s', (version, wanted) => {
  expect(isSince(version, since)).toBe(wanted)
})
