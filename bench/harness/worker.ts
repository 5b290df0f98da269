import { execFile } from 'node:child_process'
import { join } from 'node:path'

/** Runs one of this folder's workers in a process of its own: the task goes in as JSON, the result comes out likewise. */
export function runWorker<Result>(file: string, task: unknown): Promise<Result> {
  return new Promise((resolve, reject) => {
    const path = join(import.meta.dirname, file)
    const child = execFile(process.execPath, [path], { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error) reject(new Error(`${file} failed: ${stderr || error.message}`))
      else resolve(JSON.parse(stdout) as Result)
    })
    child.stdin?.end(JSON.stringify(task))
  })
}

/** What a worker does with its task. */
export async function work<Task, Result>(does: (task: Task) => Promise<Result>): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  const result = await does(JSON.parse(Buffer.concat(chunks).toString()) as Task)
  process.stdout.write(JSON.stringify(result))
}
