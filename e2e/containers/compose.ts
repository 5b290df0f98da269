import { freePort } from '@linkerd-scenario/test-kit/free-port'
import { onTestFinished } from 'vitest'
import { TAG } from './global-setup.ts'
import { docker, output, run } from './run.ts'

const PROJECT = 'scenario-under-test'

export interface Composed {
  /** Ports on this machine of the consumer and its admin server. */
  port: number
  adminPort: number
  /** Runs compose on this project. */
  compose: (...args: string[]) => Promise<string>
  /** The containers of a service. */
  containers: (service: string) => Promise<string[]>
}

/** Starts docker-compose.yml unchanged, on free ports, and removes everything after the test. */
export async function composeUp(baseImage: string, ...args: string[]): Promise<Composed> {
  const [port, adminPort] = [await freePort(), await freePort()]
  const env = {
    ...{
      // Not the tag of the other tests: these images carry no labels.
      TAG: `${TAG}-composed`,
      BUILD_IMAGE: baseImage,
      BASE_IMAGE: baseImage,
      NPM_REGISTRY: await output('npm', ['config', 'get', 'registry']),
    },
    ...{ CONSUMER_PORT: String(port), CONSUMER_ADMIN_PORT: String(adminPort) },
  }
  const [command = '', ...prefix] = await composeCommand()
  const compose = (...words: string[]) => output(command, [...prefix, '--project-name', PROJECT, ...words], env)
  onTestFinished(async () => void (await compose('down', '--rmi', 'all', '--volumes', '--timeout', '2')))
  await compose('up', '--detach', '--build', ...args)
  return {
    ...{ port, adminPort, compose },
    containers: async (service) => {
      const filters = [`label=com.docker.compose.project=${PROJECT}`, `label=com.docker.compose.service=${service}`]
      const ids = await docker('ps', '--quiet', '--no-trunc', ...filters.flatMap((filter) => ['--filter', filter]))
      return ids.split('\n').filter((id) => id !== '')
    },
  }
}

/** Compose v2 if docker has it, else docker-compose 1.29. */
async function composeCommand(): Promise<string[]> {
  return (await run('docker', ['compose', 'version'])).status === 0 ? ['docker', 'compose'] : ['docker-compose']
}
