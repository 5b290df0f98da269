import type { TestProject } from 'vitest/node'
import { startEngine } from './engine.ts'
import { baseImage } from './offline-base-image.ts'
import { output, run } from './run.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The base image of the images under test. */
    baseImage: string
  }
}

/** The tag of the images under test, so that a user's own images keep theirs. */
export const TAG = 'under-test'

/**
 * Before all container tests: an engine, a base image, and the images of both services, built as a user builds them.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const engine = await startEngine()
  const isOwn = engine.dockerHost !== undefined
  // For this process and its workers.
  if (isOwn) process.env['DOCKER_HOST'] = engine.dockerHost
  const tearDown = async () => {
    if (isOwn) delete process.env['DOCKER_HOST']
    else await run('docker', ['image', 'rm', '--force', `provider:${TAG}`, `consumer:${TAG}`])
    await engine.stop()
  }
  try {
    const base = await baseImage()
    project.provide('baseImage', base)
    process.stderr.write(
      `${await output('node', ['scripts/images.ts', 'provider', 'consumer', '--tag', TAG, '--base-image', base])}\n`,
    )
  } catch (error) {
    await tearDown()
    throw error
  }
  return tearDown
}
