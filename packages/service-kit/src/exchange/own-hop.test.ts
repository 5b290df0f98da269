import type { FastifyRequest } from 'fastify'
import { expect, test } from 'vitest'
import { identify } from '../identity.ts'
import { headerPairs, ownHop, ownHopWriter } from './own-hop.ts'

const identity = identify('provider', 'v1', 'pod"1')

function requestOf(caller: string | undefined, attempt: number, durationMs: number): FastifyRequest {
  return {
    headers: { 'l5d-client-id': caller },
    raw: { rawHeaders: ['Host', 'a', 'Cookie', 'secret'] },
    exchange: { attempt, elapsedMs: () => durationMs },
  } as unknown as FastifyRequest
}

test('what is written is the hop, whoever called before', () => {
  const write = ownHopWriter(identity)
  const requests = [
    requestOf(undefined, 1, 0.5),
    requestOf(undefined, 1, 12.3456),
    requestOf('consumer.a', 1, 0),
    requestOf('consumer.a', 2, 1),
    requestOf('say "hi"', 2, 1),
    requestOf(undefined, 2, 1),
  ]
  for (const request of requests) {
    for (const wantsHeaders of [false, true]) {
      expect(JSON.parse(write(request, wantsHeaders))).toEqual(ownHop(identity, request, 200, wantsHeaders))
    }
  }
})

test('credentials are masked, order and case of the headers stay', () => {
  expect(headerPairs(['X-B', '1', 'Authorization', 'x', 'x-a', '2', 'COOKIE', 'y'])).toEqual([
    ['X-B', '1'],
    ['Authorization', '***'],
    ['x-a', '2'],
    ['COOKIE', '***'],
  ])
})
