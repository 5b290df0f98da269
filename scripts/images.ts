import { fileURLToPath } from 'node:url'
import { DockerError, docker } from './images/docker.ts'
import { type ImageOptions, readOptions, SERVICES, type Service, UsageError, usage } from './images/options.ts'
import { npmRegistry, readOrigin } from './images/origin.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Builds the images of both services and pushes them where that is asked for. Returns the exit status. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args)
    if (options.help) {
      console.log(usage)
      return 0
    }
    // Asked first: a build would report an engine that is not there in many words.
    await docker(['version', '--format', '{{.Server.Version}}'])
    for (const service of SERVICES) console.log(await build(service, options))
    if (options.registry === undefined) return 0
    for (const service of SERVICES) console.log(await push(service, options, options.registry))
    return 0
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${usage}`)
      return 2
    }
    if (!(error instanceof DockerError)) throw error
    console.error(error.message)
    return 1
  }
}

/** Builds one image and returns its name and id. */
async function build(service: Service, { tag, baseImage, platform }: ImageOptions): Promise<string> {
  const image = `${service}:${tag}`
  const { source, revision } = await readOrigin()
  // By the environment: an address on a command line is for everyone on this machine to read.
  const env = { NPM_REGISTRY: await npmRegistry(), SOURCE: source, REVISION: revision, VERSION: tag }
  const buildArgs = [...Object.keys(env), ...(baseImage ? [`BUILD_IMAGE=${baseImage}`, `BASE_IMAGE=${baseImage}`] : [])]
  await docker(
    [
      'build',
      ...['--file', `${root}services/${service}/Dockerfile`, '--tag', image],
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
  await docker(['push', `${image}:${tag}`], { isShown: true, target: { host, repository } })
  const digests = await docker(['image', 'inspect', '--format', '{{join .RepoDigests "\\n"}}', `${image}:${tag}`])
  const digest = digests.split('\n').find((line) => line.startsWith(`${image}@`))
  if (digest === undefined) throw new DockerError(`docker pushed ${image}:${tag} and does not know its digest`)
  return `${image}:${tag} ${digest.slice(image.length + 1)}`
}

process.exitCode = await main(process.argv.slice(2))
