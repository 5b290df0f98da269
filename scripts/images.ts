import { join } from 'node:path'
import { exitStatusOf } from './command-line.ts'
import { DockerError, docker } from './images/docker.ts'
import { type ImageOptions, readOptions, SERVICES, type Service } from './images/options.ts'
import { npmRegistry, readOrigin } from './images/origin.ts'

const root = join(import.meta.dirname, '..')

/** Builds the images of both services, pushes them with --push, and returns the exit status. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args)
    // Asked first: a build reports an engine that does not answer in many words.
    await docker(['version', '--format', '{{.Server.Version}}'])
    for (const service of SERVICES) console.log(await build(service, options))
    if (options.registry === undefined) return 0
    for (const service of SERVICES) console.log(await push(service, options, options.registry))
    return 0
  } catch (error) {
    if (!(error instanceof DockerError)) return exitStatusOf(error)
    console.error(error.message)
    return 1
  }
}

/** Builds one image and returns its name and id. */
async function build(service: Service, { tag, baseImage, platform }: ImageOptions): Promise<string> {
  const image = `${service}:${tag}`
  const { source, revision } = await readOrigin()
  // In the environment: everybody on this machine can read an address on a command line.
  const env = { NPM_REGISTRY: await npmRegistry(), SOURCE: source, REVISION: revision, VERSION: tag }
  const buildArgs = [...Object.keys(env), ...(baseImage ? [`BUILD_IMAGE=${baseImage}`, `BASE_IMAGE=${baseImage}`] : [])]
  await docker(
    [
      'build',
      ...['--file', join(root, 'services', service, 'Dockerfile'), '--tag', image],
      ...buildArgs.flatMap((arg) => ['--build-arg', arg]),
      ...(platform ? ['--platform', platform] : []),
      root,
    ],
    { env, isShown: true },
  )
  return `${image} ${await docker(['image', 'inspect', '--format', '{{.Id}}', image])}`
}

/** Pushes one image and returns its name with the digest, by which it can be pulled. */
async function push(service: Service, { tag, names }: ImageOptions, registry: string): Promise<string> {
  const [host = '', ...prefix] = registry.split('/')
  const repository = [...prefix, names[service]].join('/')
  const image = `${host}/${repository}`
  await docker(['tag', `${service}:${tag}`, `${image}:${tag}`])
  await docker(['push', `${image}:${tag}`], { isShown: true })
  const digests = await docker(['image', 'inspect', '--format', '{{join .RepoDigests "\\n"}}', `${image}:${tag}`])
  const digest = digests.split('\n').find((line) => line.startsWith(`${image}@`))
  if (digest === undefined) throw new DockerError(`docker pushed ${image}:${tag}, but reports no digest for it`)
  return `${image}:${tag} ${digest.slice(image.length + 1)}`
}

process.exitCode = await main(process.argv.slice(2))
