import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLogger, createRuntime, readConfig } from '@linkerd-scenario/service-kit'
import { expect, test } from 'vitest'
import { ConsumerSettings } from '../config.ts'
import { ProviderClient } from './provider-client.ts'

test.each([
  { fresh: false, least: 1, most: 2 },
  { fresh: true, least: 5, most: 5 },
])(
  'five calls, one after the other, with fresh: $fresh need $least to $most connections',
  async ({ fresh, least, most }) => {
    let met = 0
    const server = createServer((_request, response) => response.end('{}'))
    server.on('connection', () => {
      met += 1
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const settings = readConfig(ConsumerSettings, { PROVIDER_HOST: '127.0.0.1', PROVIDER_PORT: String(port) })
    const identity = { service: 'consumer', version: 'v1', pod: 'p', responder: '' } as const
    const logger = createLogger(identity, 'silent')
    const { metrics } = createRuntime({ identity, settings, logger })
    const client = new ProviderClient(settings, 8, metrics)
    try {
      for (let call = 0; call < 5; call += 1) {
        const request = {
          method: 'GET',
          text: undefined,
          wantsHeaders: false,
          requestId: 'x',
          headers: [],
          fresh,
        } as const
        await client.call(request)
      }
      // A pool may open one more while the first is still being given back.
      expect(met).toBeGreaterThanOrEqual(least)
      expect(met).toBeLessThanOrEqual(most)
    } finally {
      await client.close()
      server.close()
    }
  },
)
