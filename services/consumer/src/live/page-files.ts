import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'

/** Types of the files of a page. No other file is served. */
const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

// No separator and no leading dot: such a name cannot leave the folder.
const FILE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/

export interface PageFile {
  type: string
  body: Buffer
  encoding?: 'gzip'
}

/**
 * Reads `name` in `folder`, or the gzipped `NAME.gz` beside it if it exists and the caller accepts gzip.
 * undefined if there is no such file, or its type does not belong to a page.
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
