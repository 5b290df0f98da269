import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, stop } from 'esbuild'
import { licenseTexts } from './licenses.ts'
import { bundleLivePage } from './live-page.ts'
import { loadLater, SWAGGER, TRACING_SDK } from './load-later.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Characters of a line. */
const LINE_LIMIT = 120

/** The services that an image can be made of. */
export const SERVICES = ['provider', 'consumer'] as const
export type Service = (typeof SERVICES)[number]

/** Ends the process that esbuild keeps for further bundles; without it that one ends with ours. */
export const endBundling = stop

/**
 * Writes what the image of `service` consists of into `folder`: `server.cjs`, all code that serves, `swagger.cjs`, what
 * makes the description when somebody asks for it, `tracing-sdk.cjs`, what makes spans where a collector is configured,
 * `healthcheck.cjs`, the consumer's `live-page/`, and `LICENSES.txt`, the licences of the packages in them.
 *
 * CommonJS, because importing a builtin as a module reads all its exports: that loads what Node loads lazily, its fetch
 * for instance, and costs 30 ms at the start. Spaces and comments go, which makes the start 4 % shorter. Names stay,
 * and lines of a length that points to a place, so that a stack trace can be read without a source map: with short names
 * the start is longer.
 */
export async function bundleService(service: Service, folder: string): Promise<void> {
  const common: BuildOptions = {
    absWorkingDir: root,
    outdir: folder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minifyWhitespace: true,
    lineLimit: LINE_LIMIT,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    logLevel: 'warning',
  }
  const serving = await build({
    ...common,
    entryPoints: {
      server: `services/${service}/src/server.ts`,
      swagger: SWAGGER,
      healthcheck: 'packages/bundle/src/healthcheck.ts',
    },
    // healthcheck.ts asks for it.
    define: { SERVICE: JSON.stringify(service) },
    plugins: [loadLater],
    metafile: true,
  })
  // Without the stand-ins of the start: OpenTelemetry's SDK and gRPC need all of Node's modules.
  const tracing = await build({
    ...common,
    entryPoints: { 'tracing-sdk': TRACING_SDK },
    // The CommonJS forms of its packages: the others find gRPC by a way that no bundler can follow.
    conditions: ['require'],
    metafile: true,
  })
  await mkdir(folder, { recursive: true })
  const page = service === 'consumer' ? await bundleLivePage(join(folder, 'live-page')) : []
  const inputs = [serving, tracing].flatMap(({ metafile }) => Object.keys(metafile.inputs))
  await writeFile(join(folder, 'LICENSES.txt'), await licenseTexts(root, [...inputs, ...page]))
}
