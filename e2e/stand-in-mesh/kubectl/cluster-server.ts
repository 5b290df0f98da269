import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { StandInCluster } from '../stand-in-cluster.ts'
import { forwarded, kubectl } from './commands.ts'
import { followCommand, followLogs } from './follow-logs.ts'
import { parseCommand } from './parse-command.ts'
import { GOOD_SURROUNDINGS, type Surroundings } from './surroundings.ts'
import { watch, watchCommand } from './watch.ts'

/** Serves a stand-in cluster to kubectl.mjs. Returns its address and a way to stop it. */
export async function serveCluster(cluster: StandInCluster, surroundings: Partial<Surroundings> = {}) {
  const all = { ...GOOD_SURROUNDINGS, ...surroundings }
  const server = createServer((request, response) => {
    void text(request).then((body) => answerCommand(cluster, all, JSON.parse(body) as Command, response))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
      await cluster.close()
    },
  }
}

/** A command as kubectl.mjs sends it. */
export interface Command {
  args: string[]
  input?: string
}

/** Answers a command of the prover. */
export async function answerCommand(
  cluster: StandInCluster,
  surroundings: Surroundings,
  { args, input }: Command,
  response: ServerResponse,
): Promise<void> {
  const watched = watchCommand(args)
  if (watched !== undefined)
    return stream(response, (print, signal) => watch(cluster, surroundings, watched, print, signal))
  const followed = followCommand(args)
  if (followed !== undefined) return stream(response, (print, signal) => followLogs(cluster, followed, print, signal))
  const lines = parseCommand(args).args[0] === 'port-forward' ? forwarded(cluster, args) : undefined
  const result =
    lines === undefined
      ? await kubectl(cluster, surroundings, args, input)
      : { code: 0, stdout: lines.map((line) => `${line}\n`).join(''), stderr: '', goesOn: true }
  response.end(JSON.stringify(result))
}

/** Streams the lines of a command, until kubectl leaves or the command ends. */
async function stream(
  response: ServerResponse,
  run: (print: (line: string) => void, signal: AbortSignal) => Promise<string>,
): Promise<void> {
  const left = new AbortController()
  response.on('close', () => left.abort())
  response.writeHead(200, { 'content-type': 'text/plain' }).flushHeaders()
  await run((line) => response.write(`${line}\n`), left.signal)
  response.end()
}
