import type { LiveCall } from '@linkerd-scenario/contract'
import { expect, test } from 'vitest'
import { sayIn } from '../text/language.ts'
import { failureText } from './headline.ts'
import { storyOf } from './story.ts'

const call: LiveCall = { id: 1, requestId: 'r', startMs: 0, latencyMs: 1, status: 200, hops: [] }
const hop = { service: 'provider', version: 'v1', pod: 'p', caller: 'id', attempt: 1, status: 200, durationMs: 1 }

test.each<[string, Partial<LiveCall>, boolean, string]>([
  ['answered in the mesh', { caller: 'id', hops: [hop] }, true, 'passed passed passed answered'],
  ['answered without a mesh', { caller: null, hops: [hop] }, false, 'passed absent absent answered'],
  ['failed by the provider', { origin: 'provider', caller: 'id', hops: [hop] }, true, 'passed passed passed failed'],
  ['refused by the provider’s proxy', { origin: 'mesh', proxy: 'inbound' }, true, 'passed passed failed unseen'],
  ['cut by the consumer’s proxy', { origin: 'mesh', proxy: 'outbound' }, true, 'passed failed unknown unknown'],
  ['lost in the network', { origin: 'network', status: null }, false, 'passed absent unknown unknown'],
  ['never sent', { origin: 'consumer' }, true, 'failed unseen unseen unseen'],
])('a call %s', (_, rest, meshed, story) => {
  expect(Object.values(storyOf({ ...call, ...rest }, meshed)).join(' ')).toBe(story)
})

test('a failure is named by its status and who made it, in both languages', () => {
  expect(failureText('504 mesh outbound', sayIn('en'))).toBe('504 from the consumer’s proxy')
  expect(failureText('none network', sayIn('en'))).toBe('no answer (network error)')
  expect(failureText('403 mesh inbound', sayIn('es'))).toBe('403 del proxy del proveedor')
  expect(failureText('other', sayIn('en'))).toBe('other errors')
  expect(failureText('other', sayIn('es'))).toBe('otros errores')
})
