import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { StandInCluster } from '../stand-in-cluster.ts'
import { forwarded, kubectl } from './commands.ts'
import { GOOD_SURROUNDINGS, type Surroundings } from './surroundings.ts'

/** Serves a stand-in cluster to kubectl.mjs. Returns its address and a way to stop it. */
export async function serveCluster(cluster: StandInCluster, surroundings: Partial<Surroundings> = {}) {
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const { args, input } = JSON.parse(body) as { args: string[]; input?: string }
      const command = args[0] === '--context' ? args.slice(2) : args
      const lines = command[0] === 'port-forward' ? forwarded(cluster, command) : undefined
      const result =
        lines === undefined
          ? await kubectl(cluster, { ...GOOD_SURROUNDINGS, ...surroundings }, args, input)
          : { code: 0, stdout: lines.map((line) => `${line}\n`).join(''), stderr: '', goesOn: true }
      response.end(JSON.stringify(result))
    })
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
