import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const SOURCES = ['packages/live-page', 'packages/contract/src', 'packages/bundle/src']

/** Where `npm start` keeps the built live page. */
export const LIVE_PAGE_FOLDER = join(root, 'node_modules/.cache/live-page')

/**
 * Builds the live page, unless it exists and no source is newer. If that fails, says why: the services run without it.
 */
export async function prepareLivePage(): Promise<void> {
  try {
    if (await isBuilt()) return
    const { bundleLivePage } = await import('../../packages/bundle/src/live-page.ts')
    const { endBundling } = await import('../../packages/bundle/src/bundle.ts')
    await mkdir(dirname(LIVE_PAGE_FOLDER), { recursive: true })
    // Built in a separate folder and then moved, because another start may do the same at the same time.
    const folder = await mkdtemp(`${LIVE_PAGE_FOLDER}-`)
    await bundleLivePage(folder)
    await endBundling()
    await rm(LIVE_PAGE_FOLDER, { recursive: true, force: true })
    await rename(folder, LIVE_PAGE_FOLDER)
  } catch (error) {
    console.error(`The live page could not be built; the services run without it. ${(error as Error).message}`)
  }
}

async function isBuilt(): Promise<boolean> {
  const builtAt = await modifiedAt(join(LIVE_PAGE_FOLDER, 'index.html.gz')).catch(() => 0)
  if (builtAt === 0) return false
  const files = await Promise.all(SOURCES.map(filesIn))
  const times = await Promise.all(files.flat().map(modifiedAt))
  return Math.max(...times) < builtAt
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name))
}

async function modifiedAt(path: string): Promise<number> {
  return (await stat(path)).mtimeMs
}
