import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { ListenError, listen } from './listen.ts'

const open: { close: () => unknown }[] = []

afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

function app(): FastifyInstance {
  const made = Fastify()
  open.push(made)
  return made
}

async function holder(host: string): Promise<number> {
  const server: Server = createServer().listen({ host, port: 0, ipv6Only: true })
  open.push(server)
  await once(server, 'listening')
  return (server.address() as { port: number }).port
}

const hasIPv6 = await holder('::1').then(
  () => true,
  () => false,
)

test('without a host it answers on every address', async () => {
  const port = await listen(app(), { port: 0, variable: 'PORT' })
  for (const host of hasIPv6 ? ['127.0.0.1', '[::1]'] : ['127.0.0.1']) {
    expect((await fetch(`http://${host}:${port}/`)).status).toBe(404)
  }
})

test.each(hasIPv6 ? ['::1', '127.0.0.1', '::'] : ['127.0.0.1'])(
  'a port that another program holds on %s alone is taken',
  async (host) => {
    const port = await holder(host)
    const listening = listen(app(), { port, variable: 'PORT' })
    await expect(listening).rejects.toThrow(ListenError)
    await expect(listening).rejects.toThrow(`Port ${port} is taken on all addresses`)
  },
)
