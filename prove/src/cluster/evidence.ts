import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Kubectl } from './kubectl.ts'
import type { TestNamespace } from './test-namespace.ts'

const LOG_LINES = 300

/**
 * Saves what the cluster shows about a feature that was not proved: objects, events, logs, also of pods that have ended
 * meanwhile, and proxy metrics. Returns the folder.
 */
export async function keepEvidence(
  kubectl: Kubectl,
  namespace: TestNamespace,
  folder: string,
  workloads: readonly string[],
): Promise<string> {
  await mkdir(folder, { recursive: true })
  const inside = ['-n', namespace.name]
  const keep = async (file: string, args: readonly string[]) => {
    const text = await kubectl.run(args).catch((error: unknown) => {
      namespace.signal.throwIfAborted()
      return `could not be read: ${String(error)}\n`
    })
    await writeFile(join(folder, file), text)
  }
  await keep('objects.yaml', ['get', 'deployments,pods,services', ...inside, '-o', 'yaml'])
  await keep('events.txt', ['get', 'events', ...inside, '--sort-by=.lastTimestamp'])
  for (const [pod, text] of namespace.endedLogs) await writeFile(join(folder, `${pod}.ended.log`), text)
  for (const workload of workloads) {
    await keep(`${workload}.log`, [
      'logs',
      `deployment/${workload}`,
      ...inside,
      '--all-containers',
      `--tail=${LOG_LINES}`,
    ])
    for (const { name, proxy } of await namespace.pods(workload)) {
      if (proxy === undefined) continue
      const samples = (await namespace.counters(name).catch(() => undefined)) ?? []
      const lines = samples.map(({ name: family, labels, value }) => `${family}${JSON.stringify(labels)} ${value}\n`)
      await writeFile(join(folder, `${name}.metrics.txt`), lines.join(''))
    }
  }
  return folder
}
