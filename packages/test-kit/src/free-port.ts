import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the ephemeral ports, because an outgoing connection could take one of those first. */
const [FIRST, LAST] = [10_000, 30_000]
const given = new Set<number>()

/** A free port, with `following` more free ports after it. No port is returned twice. */
export async function freePort({ following = 1 } = {}): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST))
    const ports = Array.from({ length: following + 1 }, (_, offset) => port + offset)
    if (ports.some((one) => given.has(one))) continue
    for (const one of ports) given.add(one)
    const free = await Promise.all(ports.map(isFree))
    if (free.every(Boolean)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port)
  try {
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
