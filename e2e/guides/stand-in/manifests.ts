import { parseAllDocuments } from 'yaml'
import { run } from '../../stand-in-mesh/kubectl/result.ts'
import type { Applied } from '../../stand-in-mesh/proxy/policies/policies.ts'
import { optionOf } from './arguments.ts'

/** The objects that `-k FOLDER` or `-f -` names; `input` is what came on standard input. */
export async function objectsOf(args: readonly string[], input = ''): Promise<Applied[]> {
  const folder = optionOf(args, '-k')
  const manifests = folder === undefined ? input : await rendered(folder)
  return parseAllDocuments(manifests).map((document) => document.toJS() as Applied)
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
