import { once } from 'node:events'
import { type Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { docker, run } from './run.ts'

const ANSWER_DEADLINE_MS = 30_000

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** One HTTP request to a port of this machine; rejects if no complete answer arrives. */
export async function request(
  port: number,
  path: string,
  { method = 'GET', agent = false }: { method?: string; agent?: Agent | false } = {},
): Promise<Answer> {
  const outgoing = httpRequest({ host: '127.0.0.1', port, path, method, agent })
  outgoing.end()
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk
  return { status: response.statusCode ?? 0, headers: response.headers, text }
}

/** Retries until an answer arrives; throws the last error after half a minute. */
export async function firstAnswer(port: number, path: string): Promise<Answer> {
  const deadline = Date.now() + ANSWER_DEADLINE_MS
  for (;;) {
    try {
      return await request(port, path)
    } catch (error) {
      if (Date.now() > deadline) throw error
      await sleep(5)
    }
  }
}

/** Starts a container that is removed after the test; returns its id. */
export async function startContainer(...args: string[]): Promise<string> {
  const id = await createContainer(...args)
  await docker('start', id)
  return id
}

/** Creates a container that is removed after the test; returns its id. */
export async function createContainer(...args: string[]): Promise<string> {
  const id = await docker('create', ...args)
  onTestFinished(async () => void (await run('docker', ['rm', '--force', '--volumes', id])))
  return id
}

/** The port on this machine that is mapped to a port of the container. */
export async function publishedPort(id: string, port: number): Promise<number> {
  return Number((await docker('port', id, `${port}/tcp`)).split('\n')[0]?.split(':').at(-1))
}

/** A network that is removed after the test, and after its containers. */
export async function createNetwork(name: string): Promise<string> {
  await docker('network', 'create', name)
  onTestFinished(async () => void (await run('docker', ['network', 'rm', name])))
  return name
}
