import { once } from 'node:events'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { answerCommand, type Command } from '../../stand-in-mesh/kubectl/cluster-server.ts'
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

/** `folder` has the files that commands name; the repository by default. */
export async function serveToShells(folderOfFiles?: string): Promise<ServedCluster> {
  const cluster = new StandInCluster()
  const guideKubectl = new GuideKubectl(cluster, folderOfFiles)
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const command = JSON.parse(body) as Command
      if (isOfProver(command)) await answerCommand(cluster, GOOD_SURROUNDINGS, command, response)
      else response.end(JSON.stringify(await guideKubectl.run(command.args, command.input)))
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

/** The prover names the context with each command, and reads the configuration as JSON; a person does neither. */
function isOfProver({ args }: Command): boolean {
  return args[0] === '--context' || args.join(' ') === 'config view -o json'
}
