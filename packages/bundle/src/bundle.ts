import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, stop } from 'esbuild'
import { licenseTexts } from './licenses.ts'
import { bundleLivePage } from './live-page.ts'
import { loadLater, SWAGGER, TRACING_SDK } from './load-later.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Characters per line of the bundle. */
const LINE_LIMIT = 120

/** The services that have an image. */
export const SERVICES = ['provider', 'consumer'] as const
export type Service = (typeof SERVICES)[number]

/** Stops esbuild's child process, which otherwise runs until this process ends. */
export const endBundling = stop

/**
 * Writes the files of the image of `service` into `folder`:
 * - `server.cjs`: the service, started by `entry`, a path below the root of the repository
 * - `swagger.cjs`: makes the OpenAPI description, loaded on request
 * - `tracing-sdk.cjs`: makes spans, loaded when a collector is configured
 * - `healthcheck.cjs`: Docker's health check
 * - `live-page/`: the consumer's page
 * - `LICENSES.txt`: the licences of the packages in these files
 */
export async function bundleService(
  service: Service,
  folder: string,
  entry = `services/${service}/src/server.ts`,
): Promise<void> {
  const serving = await build({
    ...commonOptions(folder),
    entryPoints: {
      server: entry,
      swagger: SWAGGER,
      healthcheck: 'packages/bundle/src/healthcheck.ts',
    },
    // healthcheck.ts reads it.
    define: { SERVICE: JSON.stringify(service) },
    plugins: [loadLater],
    metafile: true,
  })
  // Without loadLater: OpenTelemetry's SDK and gRPC need all of Node's modules.
  const tracing = await build({
    ...commonOptions(folder),
    entryPoints: { 'tracing-sdk': TRACING_SDK },
    // The CommonJS builds of its packages: the ES modules load gRPC in a way that bundlers cannot follow.
    conditions: ['require'],
    metafile: true,
  })
  await mkdir(folder, { recursive: true })
  const page = service === 'consumer' ? await bundleLivePage(join(folder, 'live-page')) : []
  const inputs = [serving, tracing].flatMap(({ metafile }) => Object.keys(metafile.inputs))
  await writeFile(join(folder, 'LICENSES.txt'), await licenseTexts(root, [...inputs, ...page]))
}

/**
 * The format is CommonJS: an ES module import of a builtin reads all its exports, and so loads what Node would load
 * later, fetch for instance. Whitespace and comments are removed. Names stay, and lines are short, so that a stack trace
 * can be read without a source map.
 */
function commonOptions(folder: string): BuildOptions {
  return {
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
}
