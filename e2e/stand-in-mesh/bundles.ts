import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleService, SERVICES, type Service } from '../../packages/bundle/src/bundle.ts'

/** Path of the folder with the bundles, if a test run has built them for all its processes. */
export const BUNDLES = 'STAND_IN_MESH_BUNDLES'

/** Paths. */
interface Bundled {
  script: string
  compileCache: string
  /** Only the consumer has one. */
  livePage: string
}

let made: Promise<string> | undefined

/**
 * The services as the images ship them, built once: a run starts dozens of pods, and a bundle with compiled code takes
 * a fifth of the CPU time of the sources.
 */
export async function bundled(service: Service): Promise<Bundled> {
  made ??= forThisProcess()
  const folder = await made
  return {
    script: join(folder, service, 'server.cjs'),
    compileCache: join(folder, 'compiled'),
    livePage: join(folder, service, 'live-page'),
  }
}

async function forThisProcess(): Promise<string> {
  const folder = process.env[BUNDLES]
  if (folder !== undefined) return folder
  const own = await makeBundles()
  process.on('exit', () => rmSync(own, { recursive: true, force: true }))
  return own
}

/** Bundles both services into a new folder. */
export async function makeBundles(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stand-in-mesh-'))
  await Promise.all(
    SERVICES.map((service) => bundleService(service, join(folder, service), `e2e/fixtures/${service}-pod.ts`)),
  )
  return folder
}
