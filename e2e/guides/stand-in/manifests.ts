import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { root } from '../../repository/tools.ts'
import { run } from '../../stand-in-mesh/kubectl/result.ts'
import type { Applied } from '../../stand-in-mesh/proxy/policies/policies.ts'
import { optionOf } from './arguments.ts'

/** The objects that `-k FOLDER`, `-f FILE` in `folder` or `-f -` names; `input` is what came on standard input. */
export async function objectsOf(args: readonly string[], input = '', folder = root): Promise<Applied[]> {
  return parseAllDocuments(await manifestsOf(args, input, folder)).map((document) => document.toJS() as Applied)
}

async function manifestsOf(args: readonly string[], input: string, folder: string): Promise<string> {
  const kustomization = optionOf(args, '-k')
  if (kustomization !== undefined) return rendered(kustomization)
  const file = optionOf(args, '-f')
  return file === undefined || file === '-' ? input : readFile(join(folder, file), 'utf8')
}

const folders = new Map<string, Promise<string>>()

/** A folder of manifests, as the real kubectl renders it. */
function rendered(folder: string): Promise<string> {
  const known = folders.get(folder) ?? render(folder)
  folders.set(folder, known)
  return known
}

async function render(folder: string): Promise<string> {
  const { code, stdout, stderr } = await run('kubectl', ['kustomize', folder], {})
  if (code !== 0) throw new Error(stderr)
  return stdout
}
