import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createLogger, createRuntime, readConfig } from '@linkerd-scenario/service-kit'
import { expect, test } from 'vitest'
import { buildApp as buildConsumer } from '../../services/consumer/src/app.ts'
import { ConsumerSettings } from '../../services/consumer/src/config.ts'
import { buildApp as buildProvider } from '../../services/provider/src/app.ts'
import { ProviderSettings } from '../../services/provider/src/config.ts'
import { MANIFESTS } from './build.ts'
import { readObjects } from './kube-object.ts'
import { DEFAULT_SHUTDOWN_TIMEOUT_MS } from './lint/shutdown.ts'
import { PROBES, serviceContainers } from './services.ts'

const identity = <Name extends 'provider' | 'consumer'>(service: Name) =>
  ({ service, version: 'v1', pod: 'test', responder: '' }) as const
const logger = createLogger(identity('provider'), 'silent')
const servers = {
  provider: () =>
    buildProvider(
      createRuntime({ identity: identity('provider'), settings: readConfig(ProviderSettings, {}), logger }),
    ),
  consumer: () =>
    buildConsumer(
      createRuntime({ identity: identity('consumer'), settings: readConfig(ConsumerSettings, {}), logger }),
    ),
}
const base = (file: string) => readObjects(readFileSync(join(MANIFESTS, 'base', file), 'utf8'))

test.each(['provider', 'consumer'] as const)(
  'the %s answers on its admin port what the kubelet asks',
  async (service) => {
    const { api, buildAdmin } = servers[service]()
    const admin = buildAdmin()
    try {
      await admin.ready()
      for (const { path } of Object.values(PROBES))
        expect(admin.hasRoute({ method: 'GET', url: path }), path).toBe(true)
    } finally {
      await Promise.all([api.close(), admin.close()])
    }
  },
)

test.each(['provider', 'consumer'])('the base runs the %s from the image of this version', (service) => {
  const root = JSON.parse(readFileSync(join(MANIFESTS, '../package.json'), 'utf8')) as { version: string }
  const [major, minor] = root.version.split('.')
  const images = serviceContainers(base(`${service}.yaml`)).map(({ container }) => container.image)
  expect(images).toEqual([`${service}:${major}.${minor}`])
})

test('the lint knows how long the services wait at most', () => {
  expect(readConfig(ProviderSettings, {}).SHUTDOWN_TIMEOUT_MS).toBe(DEFAULT_SHUTDOWN_TIMEOUT_MS)
  expect(readConfig(ConsumerSettings, {}).SHUTDOWN_TIMEOUT_MS).toBe(DEFAULT_SHUTDOWN_TIMEOUT_MS)
})
