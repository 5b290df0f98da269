import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const PACKAGE_FOLDER = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/
const LICENSE_FILE = /^(licen[cs]e|copying|notice)/i

/**
 * The licence texts of the packages that `inputs`, paths below `root`, belong to. Throws if a package has no
 * licence, because its code could not be distributed.
 */
export async function licenseTexts(root: string, inputs: readonly string[]): Promise<string> {
  const folders = new Set(
    inputs.map((input) => PACKAGE_FOLDER.exec(input)?.[0]).filter((folder) => folder !== undefined),
  )
  const texts = await Promise.all([...folders].sort().map((folder) => licenseText(join(root, folder))))
  return texts.join(`\n\n${'-'.repeat(80)}\n\n`)
}

async function licenseText(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    name: string
    version: string
    license?: string
  }
  const files = (await readdir(folder)).filter((file) => LICENSE_FILE.test(file)).sort()
  if (files.length === 0 && license === undefined) throw new Error(`${name} ${version} has no licence`)
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  return [`${name} ${version} (${license ?? 'licence below'})`, ...texts.map((text) => text.trim())].join('\n\n')
}
