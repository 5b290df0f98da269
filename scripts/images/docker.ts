import { ExecaError, execa } from 'execa'

/** Docker failed; the message says why. */
export class DockerError extends Error {}

export interface DockerRun {
  /** Variables for docker only; `--build-arg NAME` without a value reads them. */
  env?: NodeJS.ProcessEnv
  /** Shows the progress on stderr. */
  isShown?: boolean
}

/** Runs docker and returns its stdout. Throws a DockerError with docker's own message. */
export async function docker(args: readonly string[], { env = {}, isShown = false }: DockerRun = {}): Promise<string> {
  const stdout = isShown ? (['pipe', process.stderr] as const) : 'pipe'
  const stderr = isShown ? (['pipe', 'inherit'] as const) : 'pipe'
  try {
    const result = await execa('docker', args, { env, stdin: 'ignore', stdout, stderr })
    return result.stdout
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error
    if (error.code === 'ENOENT') {
      throw new DockerError('There is no docker on the PATH. Install Docker Engine or Docker Desktop.', {
        cause: error,
      })
    }
    const words = `${error.stderr ?? ''}`.trim() || error.shortMessage
    throw new DockerError(isShown ? `docker ${args[0]} failed: see above.` : words, { cause: error })
  }
}
