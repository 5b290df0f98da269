import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleService } from '../../packages/bundle/src/bundle.ts'

export type Service = 'provider' | 'consumer'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The bundle of a service, as in the image; `bundleAll` builds it. */
export function bundleOf(service: Service): string {
  return join(folderOf(service), 'server.cjs')
}

/** The file with which `npm start` runs a service. */
export function sourceOf(service: Service): string {
  return join(root, 'services', service, 'src/server.ts')
}

/** The flags with which the image of a service starts Node. */
export function nodeFlagsOf(service: Service): string[] {
  const dockerfile = readFileSync(join(root, 'services', service, 'Dockerfile'), 'utf8')
  const entrypoint = /^ENTRYPOINT (\[.*\])$/m.exec(dockerfile)?.[1]
  if (entrypoint === undefined) throw new Error(`The Dockerfile of ${service} has no ENTRYPOINT`)
  return (JSON.parse(entrypoint) as string[]).slice(1, -1)
}

/** Bundles both services from the current sources. */
export async function bundleAll(): Promise<void> {
  await Promise.all((['provider', 'consumer'] as const).map((service) => bundleService(service, folderOf(service))))
}

function folderOf(service: Service): string {
  return join(root, 'node_modules/.cache/bench', service)
}
