import { rm } from 'node:fs/promises'
import { endBundling } from '../../packages/bundle/src/bundle.ts'
import { BUNDLES, makeBundles } from './bundles.ts'

/** Before all tests that use the stand-in mesh: bundles the services once, for all test files. */
export default async function setUp(): Promise<() => Promise<void>> {
  const folder = await makeBundles()
  await endBundling()
  process.env[BUNDLES] = folder
  return async () => {
    delete process.env[BUNDLES]
    await rm(folder, { recursive: true, force: true })
  }
}
