import { join } from 'node:path'
import { execa } from 'execa'

/** Runs one of this folder's workers in a separate process: task and result are passed as JSON. */
export async function runWorker<Result>(file: string, task: unknown): Promise<Result> {
  const { stdout } = await execa(process.execPath, [join(import.meta.dirname, file)], { input: JSON.stringify(task) })
  return JSON.parse(stdout) as Result
}

/** The worker's side: reads the task from stdin and writes the result to stdout. */
export async function work<Task, Result>(does: (task: Task) => Promise<Result>): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  const result = await does(JSON.parse(Buffer.concat(chunks).toString()) as Task)
  process.stdout.write(JSON.stringify(result))
}
