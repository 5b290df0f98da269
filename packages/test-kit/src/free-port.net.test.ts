import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePort } from './free-port.ts'

test('ports that are given at once can all be had, each with the next, and none is given twice', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()))
  const all = ports.flatMap((port) => [port, port + 1])
  expect(new Set(all).size).toBe(all.length)
  const servers = all.map((port) => createServer().listen(port))
  try {
    await Promise.all(servers.map((server) => once(server, 'listening')))
  } finally {
    for (const server of servers) server.close()
  }
})
