import { createHash } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ExecaError } from 'execa'
import { exitStatusOf } from './command-line.ts'
import { bundles } from './release/bundles.ts'
import { readOptions } from './release/options.ts'
import { render } from './release/render.ts'

/** Writes the manifests of a release and a file with their checksums, and returns the exit status. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const { out, ...release } = readOptions(args)
    await mkdir(out, { recursive: true })
    const sums: string[] = []
    for (const bundle of bundles()) {
      const text = await render(bundle, release)
      await writeFile(join(out, bundle.file), text)
      sums.push(`${createHash('sha256').update(text).digest('hex')}  ${bundle.file}\n`)
      console.log(join(out, bundle.file))
    }
    await writeFile(join(out, 'SHA256SUMS'), sums.join(''))
    return 0
  } catch (error) {
    if (!(error instanceof ExecaError)) return exitStatusOf(error)
    console.error(error.code === 'ENOENT' ? 'There is no kubectl on the PATH.' : error.stderr || error.shortMessage)
    return 1
  }
}

process.exitCode = await main(process.argv.slice(2))
