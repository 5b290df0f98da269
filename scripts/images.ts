import { join } from 'node:path'
import { exitStatusOf } from './command-line.ts'
import { DockerError, docker } from './images/docker.ts'
import { IMAGES, type Image, type ImageOptions, readOptions } from './images/options.ts'
import { npmRegistry, readOrigin } from './images/origin.ts'

const root = join(import.meta.dirname, '..')

/** Builds the images of the services and of the prover, pushes them with --push, and returns the exit status. */
async function main(args: readonly string[]): Promise<number> {
  try {
    const options = readOptions(args)
    // Check the engine first: if it does not answer, a build reports that in many words.
    await docker(['version', '--format', '{{.Server.Version}}'])
    for (const name of options.images) console.log(await build(name, options))
    if (options.registry === undefined) return 0
    for (const name of options.images) console.log(await push(name, options, options.registry))
    return 0
  } catch (error) {
    if (!(error instanceof DockerError)) return exitStatusOf(error)
    console.error(error.message)
    return 1
  }
}

/** Builds one image and returns its name and id. */
async function build(name: Image, { tag, baseImage, kubectlImage, platform }: ImageOptions): Promise<string> {
  const image = `${name}:${tag}`
  const { source, revision } = await readOrigin()
  // Passed in the environment: everybody on this machine can read an address on a command line.
  const env = { NPM_REGISTRY: await npmRegistry(), SOURCE: source, REVISION: revision, VERSION: tag }
  const buildArgs = [
    ...Object.keys(env),
    ...(baseImage ? [`BUILD_IMAGE=${baseImage}`, `BASE_IMAGE=${baseImage}`] : []),
    ...(kubectlImage && name === 'prover' ? [`KUBECTL_IMAGE=${kubectlImage}`] : []),
  ]
  await docker(
    [
      'build',
      ...['--file', join(root, IMAGES[name], 'Dockerfile'), '--tag', image],
      ...buildArgs.flatMap((arg) => ['--build-arg', arg]),
      ...(platform ? ['--platform', platform] : []),
      root,
    ],
    { env, isShown: true },
  )
  return `${image} ${await docker(['image', 'inspect', '--format', '{{.Id}}', image])}`
}

/** Pushes one image and returns its name with the digest, which can be pulled. */
async function push(name: Image, { tag, names }: ImageOptions, registry: string): Promise<string> {
  const [host = '', ...prefix] = registry.split('/')
  const repository = [...prefix, names[name]].join('/')
  const image = `${host}/${repository}`
  await docker(['tag', `${name}:${tag}`, `${image}:${tag}`])
  await docker(['push', `${image}:${tag}`], { isShown: true })
  const digests = await docker(['image', 'inspect', '--format', '{{join .RepoDigests "\\n"}}', `${image}:${tag}`])
  const digest = digests.split('\n').find((line) => line.startsWith(`${image}@`))
  if (digest === undefined) throw new DockerError(`docker pushed ${image}:${tag}, but reports no digest for it`)
  return `${image}:${tag} ${digest.slice(image.length + 1)}`
}

process.exitCode = await main(process.argv.slice(2))
