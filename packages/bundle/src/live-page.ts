import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { buildLivePage } from '@linkerd-scenario/live-page/build.ts'

const compress = promisify(gzip)

/** Builds the live page into `folder`, with a gzipped file beside each of its files. Returns the paths of its sources. */
export async function bundleLivePage(folder: string): Promise<readonly string[]> {
  const { inputs } = await buildLivePage(folder)
  const assets = await readdir(join(folder, 'assets'))
  const files = ['index.html', ...assets.map((name) => join('assets', name))]
  await Promise.all(
    files.map(async (file) => {
      const content = await readFile(join(folder, file))
      await writeFile(join(folder, `${file}.gz`), await compress(content, { level: constants.Z_BEST_COMPRESSION }))
    }),
  )
  return inputs
}
