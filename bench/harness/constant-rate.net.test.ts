import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { constantRate, wrongOf } from './constant-rate.ts'

const schedule = { method: 'GET', rate: 200, seconds: 0.5, connections: 8, expect: ['right'] } as const

test('each call of the schedule is made and checked', async () => {
  let answered = 0
  const server = createServer((_request, response) => {
    answered += 1
    response.end(answered % 10 === 0 ? 'wrong' : 'right')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  try {
    const result = await constantRate({ ...schedule, url, warmUpSeconds: 0.1 })
    expect(result).toMatchObject({ calls: 100, byStatus: { 200: 100, none: 0 }, wrong: 12 })
    expect(wrongOf(result)).toBe(12)
    expect(result.latencyMs['200']?.p50).toBeGreaterThan(0)
  } finally {
    server.closeAllConnections()
    server.close()
  }
})
