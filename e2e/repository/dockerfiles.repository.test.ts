import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './tools.ts'

// docs/adr/0012-two-dockerfiles.md explains why there are two.
test('the Dockerfiles of the services differ in the three lines that name the service and its ports', async () => {
  const [provider, consumer] = await Promise.all(
    ['provider', 'consumer'].map(async (service) =>
      (await readFile(join(root, 'services', service, 'Dockerfile'), 'utf8')).split('\n'),
    ),
  )
  expect(consumer?.filter((line, number) => line !== provider?.[number])).toEqual([
    'ARG SERVICE=consumer',
    'ARG PORT=6000',
    'ARG ADMIN_PORT=6001',
  ])
  expect(consumer).toHaveLength(provider?.length ?? 0)
})
