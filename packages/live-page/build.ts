import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { build } from 'esbuild'

const source = join(import.meta.dirname, 'src')

/**
 * Writes the live page into `outdir`: `index.html`, and in `assets/` its script, style and icon, each with a hash of its
 * content in its name. All links are relative, so that the page works behind a path prefix. Old assets are removed.
 * Returns the paths of its sources from the repository root: their packages have licences.
 */
export async function buildLivePage(outdir: string): Promise<{ inputs: string[] }> {
  const { metafile, outputFiles } = await build({
    absWorkingDir: join(import.meta.dirname, '../..'),
    entryPoints: [join(source, 'main.tsx')],
    // Never written: tells esbuild to make a file of styles beside the script.
    outdir: join(source, 'assets'),
    bundle: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryNames: 'live',
    legalComments: 'inline',
    logLevel: 'warning',
  })
  const assets = join(outdir, 'assets')
  await rm(assets, { recursive: true, force: true })
  await mkdir(assets, { recursive: true })
  const write = async (name: string, content: Uint8Array): Promise<string> => {
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 12)
    const hashed = `${basename(name, extname(name))}-${hash}${extname(name)}`
    await writeFile(join(assets, hashed), content)
    return `assets/${hashed}`
  }
  const written = new Map<string, string>()
  for (const { path, contents } of outputFiles) written.set(extname(path), await write(basename(path), contents))
  const icon = await write('icon.svg', await readFile(join(source, 'icon.svg')))
  const html = (await readFile(join(source, 'index.html'), 'utf8'))
    .replace('__ICON__', icon)
    .replace('__STYLE__', written.get('.css') ?? '')
    .replace('__SCRIPT__', written.get('.js') ?? '')
  await writeFile(join(outdir, 'index.html'), html)
  return { inputs: Object.keys(metafile.inputs) }
}
