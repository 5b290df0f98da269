import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

/** Types of the files that a page consists of. No other file is served. */
const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

// No separator, and no dot at the start: such a name leads nowhere else.
const FILE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/

export interface PageFile {
  type: string
  body: Buffer
  encoding?: 'gzip'
}

/**
 * Reads `name` of `folder`: the gzipped file beside it, `NAME.gz`, where the caller takes that and there is one.
 * undefined where there is no such file, or it is none of a page.
 */
export async function readPageFile(folder: string, name: string, takesGzip: boolean): Promise<PageFile | undefined> {
  const type = TYPES[extname(name)]
  if (type === undefined || !FILE_NAME.test(name)) return undefined
  const path = join(folder, name)
  const gzipped = takesGzip ? await readIfThere(`${path}.gz`) : undefined
  if (gzipped !== undefined) return { type, body: gzipped, encoding: 'gzip' }
  const body = await readIfThere(path)
  return body && { type, body }
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return undefined
    throw error
  }
}
