import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'

/** A port of which nobody listens now, and its successor neither. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await listenOnce(0)
    if (port !== undefined && port < 65_535 && (await listenOnce(port + 1)) !== undefined) return port
  }
}

async function listenOnce(port: number): Promise<number | undefined> {
  const server = createServer()
  try {
    server.listen(port)
    await once(server, 'listening')
    return (server.address() as AddressInfo).port
  } catch {
    return undefined
  } finally {
    server.close()
  }
}
