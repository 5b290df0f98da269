import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { docker, output, run } from './run.ts'

/** The image from which the prover's Dockerfile copies kubectl. */
const PUBLIC_IMAGE = 'registry.k8s.io/kubectl:v1.36.1'
const OFFLINE_IMAGE = 'scenario-offline-kubectl:1'

/** The public kubectl image, or if it cannot be pulled, an image made from this machine's kubectl. Returns its name. */
export async function kubectlImage(): Promise<string> {
  if ((await run('docker', ['pull', '--quiet', PUBLIC_IMAGE])).status === 0) return PUBLIC_IMAGE
  const folder = await mkdtemp(join(tmpdir(), 'scenario-kubectl-'))
  try {
    const kubectl = await realpath(await output('sh', ['-c', 'command -v kubectl']))
    const archive = join(folder, 'kubectl.tar')
    await output('install', ['-D', '-m', '755', kubectl, join(folder, 'root/bin/kubectl')])
    await output('tar', ['--directory', join(folder, 'root'), '--create', '--file', archive, '.'])
    await docker('import', archive, OFFLINE_IMAGE)
    return OFFLINE_IMAGE
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
