import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, inject, test } from 'vitest'
import { createNetwork, firstAnswer, publishedPort, request, startContainer } from './container.ts'
import { TAG } from './global-setup.ts'
import { docker } from './run.ts'

const CALLERS = 200

/** Exit status of the container, and the last line of its log. */
async function ending(id: string): Promise<{ status: number; said: string }> {
  const status = Number(await docker('inspect', '--format', '{{.State.ExitCode}}', id))
  const last = (await docker('logs', '--tail', '1', id)).split('\n').at(-1) ?? ''
  return { status, said: (JSON.parse(last) as { msg: string }).msg }
}

test('docker stop while 200 slow answers are under way: each caller gets its answer, status 0', async () => {
  const network = await createNetwork('scenario-under-test-slow')
  // A provider that takes a second.
  const slow = `http.createServer((_, response) => setTimeout(() => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-responder': 'provider/v1/slow' })
    response.end(JSON.stringify({ message: 'late', hops: [] }))
  }, 1000)).listen(5000)`
  const slowArgs = ['--network', network, '--network-alias', 'slow', '--entrypoint', 'node']
  await startContainer(...slowArgs, inject('baseImage'), '-e', slow)
  const env = { PROVIDER_HOST: 'slow', UPSTREAM_CONNECTIONS: String(CALLERS), UPSTREAM_TIMEOUT_MS: '20000' }
  const id = await startContainer(
    ...['--network', network, '--publish', '127.0.0.1::6000', '--memory', '128m', '--read-only'],
    ...Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    `consumer:${TAG}`,
  )
  const port = await publishedPort(id, 6000)
  await firstAnswer(port, '/')

  const answers = Promise.all(
    Array.from({ length: CALLERS }, () => request(port, '/').catch(({ message }: Error) => ({ status: message }))),
  )
  // All requests have arrived, and none has been answered.
  await sleep(700)
  await docker('stop', '--time', '30', id)
  expect(tally((await answers).map(({ status }) => status))).toEqual({ 200: CALLERS })
  expect(await ending(id)).toEqual({ status: 0, said: 'stopped, nothing was lost' })
})

test('docker stop under constant load: callers are served while it drains, status 0', async () => {
  const id = await startContainer(
    ...['--publish', '127.0.0.1::5000', '--memory', '128m', '--read-only', '--env', 'DRAIN_DELAY_MS=3000'],
    `provider:${TAG}`,
  )
  const port = await publishedPort(id, 5000)
  await firstAnswer(port, '/')
  const agent = new Agent({ keepAlive: true })
  const seen: Seen = { results: [], draining: 0, isOver: false }
  const callers = Promise.all(Array.from({ length: CALLERS }, () => callUntilOver(port, agent, seen)))
  await sleep(1500)
  const stopped = docker('stop', '--time', '30', id)
  await sleep(1500)
  seen.isOver = true
  await Promise.all([callers, stopped])
  agent.destroy()
  const { draining, results } = seen
  console.error(
    `${results.length} calls, ${draining} of them answered while draining: ${JSON.stringify(tally(results))}`,
  )
  const { 200: served = 0, shed: _shed, ...lost } = tally(results)
  expect(lost).toEqual({})
  expect(served).toBeGreaterThan(CALLERS)
  expect(draining).toBeGreaterThan(CALLERS)
  expect(await ending(id)).toEqual({ status: 0, said: 'stopped, nothing was lost' })
})

interface Seen {
  /** A status, `shed`, or the message of an error. */
  results: (number | string)[]
  /** Answers that asked for another connection. */
  draining: number
  isOver: boolean
}

// In a cluster, endpoint updates reach the callers some time after the signal; until then they keep calling the pod.
async function callUntilOver(port: number, agent: Agent, seen: Seen): Promise<void> {
  while (!seen.isOver) {
    try {
      const { status, headers, text } = await request(port, '/?in=load', { agent })
      // A pod that sheds load on a busy machine has answered; one that refuses because it closes has not served.
      seen.results.push(text.includes('OVERLOADED') ? 'shed' : status)
      if (headers.connection === 'close') seen.draining += 1
    } catch (error) {
      seen.results.push((error as Error).message)
    }
    await sleep(100)
  }
}

function tally(values: readonly (number | string)[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
