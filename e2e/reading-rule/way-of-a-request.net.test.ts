import { readFile } from 'node:fs/promises'
import { type ServiceProcess, spawnConsumer, spawnProvider } from '@linkerd-scenario/test-kit/service-process'
import { until } from '@linkerd-scenario/test-kit/until'
import { expect, test } from 'vitest'

const DOCUMENT = new URL('../../docs/way-of-a-request.md', import.meta.url)
const MOST_FILES = 18
const RECORDER = { NODE_OPTIONS: `--import=${new URL('../fixtures/executed-files.ts', import.meta.url).href}` }

/** The files that docs/way-of-a-request.md lists, in its order. */
async function documented(): Promise<string[]> {
  const text = await readFile(DOCUMENT, 'utf8')
  return [...text.matchAll(/^\d+\. `([^`]+)`/gm)].map(([, file = '']) => file)
}

/** The files of the repository that a service executes while `use` runs. */
async function executed(service: ServiceProcess, use: () => Promise<void>): Promise<string[]> {
  service.signal('SIGUSR2')
  await until(
    () => service.logged('recording').length,
    (n) => n === 1,
  )
  await use()
  service.signal('SIGUSR2')
  const line = await until(
    () => service.logged('executed')[0],
    (seen) => seen !== undefined,
  )
  return line?.['files'] as string[]
}

test('GET /?in=hello runs through the files that the document lists, and no others', async () => {
  await using provider = await spawnProvider(RECORDER)
  await using consumer = await spawnConsumer(provider.port, RECORDER)
  const call = async () => {
    const response = await fetch(`${consumer.url}/?in=hello`)
    expect(await response.json()).toMatchObject({ message: "I'm version: v1: hello" })
  }
  // Code that runs once, for the first requests or a second after the start, is not on the path of later requests.
  for (const service of [provider, consumer]) await (await fetch(`${service.adminUrl}/metrics`)).text()
  for (let i = 0; i < 5; i += 1) await call()
  const readyAt = Date.parse(String(consumer.logged('ready')[0]?.['time']))
  await until(
    () => Date.now() - readyAt,
    (sinceMs) => sinceMs > 1500,
  )
  const inConsumer: string[][] = []
  const inProvider = await executed(provider, async () => {
    inConsumer.push(await executed(consumer, call))
  })
  const ran = new Set([...inProvider, ...inConsumer.flat()])
  const listed = await documented()
  expect([...ran].toSorted()).toEqual(listed.toSorted())
  expect(listed.length).toBeLessThanOrEqual(MOST_FILES)
})
