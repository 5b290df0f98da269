import type { LoadResult, LoadTool } from './load.ts'
import { runWorker } from './worker.ts'
import { hasWrk, wrk } from './wrk.ts'

/** wrk if it is installed, otherwise autocannon. */
export async function loadTool(): Promise<{ name: string; drive: LoadTool }> {
  if (await hasWrk()) return { name: 'wrk', drive: wrk }
  return { name: 'autocannon', drive: (load) => runWorker<LoadResult>('autocannon-worker.ts', load) }
}
