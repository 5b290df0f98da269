import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { forwarded, kubectl } from '../../stand-in-mesh/kubectl/commands.ts'
import { GOOD_SURROUNDINGS } from '../../stand-in-mesh/kubectl/surroundings.ts'
import { StandInCluster } from '../../stand-in-mesh/stand-in-cluster.ts'
import { GuideKubectl } from './kubectl.ts'

const PROGRAM = fileURLToPath(new URL('../../stand-in-mesh/kubectl/kubectl.mjs', import.meta.url))

/** A stand-in cluster with a `kubectl` for shells. */
export interface ServedCluster extends AsyncDisposable {
  cluster: StandInCluster
  /** Variables with which a shell finds the stand-in's kubectl instead of the real one. */
  environment: Record<string, string>
}

export async function serveToShells(): Promise<ServedCluster> {
  const cluster = new StandInCluster()
  const guideKubectl = new GuideKubectl(cluster)
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const { args, input } = JSON.parse(body) as { args: string[]; input?: string }
      // The prover names the context with each command; a person does not.
      const isProver = args[0] === '--context'
      const answer = isProver ? toProver(cluster, args, input) : guideKubectl.run(args, input)
      response.end(JSON.stringify(await answer))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const folder = await mkdtemp(join(tmpdir(), 'guide-kubectl-'))
  await symlink(PROGRAM, join(folder, 'kubectl'))
  return {
    cluster,
    environment: {
      PATH: [folder, dirname(process.execPath), process.env['PATH']].join(':'),
      STAND_IN_CLUSTER: `http://127.0.0.1:${port}`,
    },
    async [Symbol.asyncDispose]() {
      guideKubectl.closeForwards()
      server.close()
      server.closeAllConnections()
      await cluster.close()
      await rm(folder, { recursive: true })
    },
  }
}

function toProver(cluster: StandInCluster, args: string[], input: string | undefined) {
  const lines = args[2] === 'port-forward' ? forwarded(cluster, args.slice(2)) : undefined
  if (lines === undefined) return kubectl(cluster, GOOD_SURROUNDINGS, args, input)
  return { code: 0, stdout: lines.map((line) => `${line}\n`).join(''), stderr: '', goesOn: true }
}
