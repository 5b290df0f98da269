import { spawn } from 'node:child_process'
import { explainDockerError } from './docker-errors.ts'

/** Docker could not do what it was asked to; the message says why and what to do. */
export class DockerError extends Error {}

export interface DockerRun {
  /** Variables for docker alone; what `--build-arg NAME` without a value reads. */
  env?: NodeJS.ProcessEnv
  /** Shows the progress on stderr. */
  isShown?: boolean
  /** Where an error of a push came from. */
  target?: { host: string; repository: string }
}

/** Runs docker and returns what it wrote to stdout. Throws a DockerError. */
export async function docker(
  args: readonly string[],
  { env, isShown = false, target }: DockerRun = {},
): Promise<string> {
  const child = spawn('docker', args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let all = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    all += text
    if (isShown) process.stderr.write(text)
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    all += text
    if (isShown) process.stderr.write(text)
  })
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve)
    child.on('error', (error: NodeJS.ErrnoException) => {
      const reason =
        error.code === 'ENOENT'
          ? 'There is no docker on the PATH. Install Docker Engine or Docker Desktop, then run the same command again.'
          : `docker cannot be run: ${error.message}`
      reject(new DockerError(reason, { cause: error }))
    })
  })
  if (status !== 0) throw new DockerError(explainDockerError(all, target))
  return stdout.trim()
}
