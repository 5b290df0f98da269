import type { TestNamespace } from '../cluster/test-namespace.ts'
import { counts } from '../expectations/wording.ts'

/**
 * Calls paths of the provider from inside a pod of the workload, `n` times each, one after the other: a burst can call
 * only one path. Returns the outcomes of each path, e.g. `403 proxy: 40`: the status, or the error that ended the call,
 * and whether a service or a proxy answered.
 */
export async function callPaths(
  namespace: TestNamespace,
  workload: string,
  paths: readonly string[],
  n: number,
): Promise<readonly string[]> {
  const output = await namespace.exec(workload, ['node', '--input-type=module', '-e', script(paths, n)])
  return outcomesIn(output, paths)
}

/** Parses the script's output. Anything other than its JSON also counts as an outcome. */
export function outcomesIn(output: string, paths: readonly string[]): readonly string[] {
  try {
    const outcomes = JSON.parse(output) as Record<string, Record<string, number>>
    return paths.map((path) => counts(outcomes[path] ?? {}))
  } catch {
    return paths.map(() => `the pod printed ${output.slice(0, 200)}`)
  }
}

const script = (paths: readonly string[], n: number) => `
  const { PROVIDER_HOST, PROVIDER_PORT = '5000' } = process.env
  const outcomes = {}
  for (const path of ${JSON.stringify(paths)}) {
    const seen = (outcomes[path] = {})
    for (let call = 0; call < ${n}; call += 1) {
      const outcome = await send(path)
      seen[outcome] = (seen[outcome] ?? 0) + 1
    }
  }
  console.log(JSON.stringify(outcomes))
  async function send(path) {
    try {
      const answer = await fetch('http://' + PROVIDER_HOST + ':' + PROVIDER_PORT + path)
      await answer.arrayBuffer()
      return answer.status + (answer.headers.has('x-responder') ? ' service' : ' proxy')
    } catch (error) {
      return String(error?.cause?.code ?? error)
    }
  }`
