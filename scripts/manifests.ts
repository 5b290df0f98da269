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
    const files: { file: string; text: string }[] = []
    for (const bundle of bundles()) files.push({ file: bundle.file, text: await render(bundle, release) })
    // Only now: a run that fails leaves nothing half.
    await mkdir(out, { recursive: true })
    for (const { file, text } of files) {
      await writeFile(join(out, file), text)
      console.log(join(out, file))
    }
    await writeFile(join(out, 'SHA256SUMS'), files.map(({ file, text }) => `${sha256(text)}  ${file}\n`).join(''))
    return 0
  } catch (error) {
    if (!(error instanceof ExecaError)) return exitStatusOf(error)
    console.error(error.code === 'ENOENT' ? 'There is no kubectl on the PATH.' : error.stderr || error.shortMessage)
    return 1
  }
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

process.exitCode = await main(process.argv.slice(2))
