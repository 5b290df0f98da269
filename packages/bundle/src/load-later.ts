import type { Plugin } from 'esbuild'

const NAMESPACE = 'load-later'

/** Makes the description of the routes. It stays in a file of its own: it is a sixth of the code, and seldom wanted. */
export const SWAGGER = '@fastify/swagger'

/** Makes and exports spans. It stays in a file of its own: nothing of it is read where no collector is configured. */
export const TRACING_SDK = 'packages/service-kit/src/observe/tracing-sdk.ts'

/** Loads `path` when one of its properties is asked for, or when it is called. */
const whenUsed = (path: string) => `
  const load = () => require(${JSON.stringify(path)})
  module.exports = new Proxy(function () {}, {
    get: (_, name) => load()[name],
    apply: (_, self, args) => Reflect.apply(load(), self, args),
    construct: (_, args) => Reflect.construct(load(), args),
  })`

/** The same for a module of ours, which imports by name: loads `path` when one of its functions is called. */
const functionsOf = (path: string, names: readonly string[]) =>
  names
    .map((name) => `export const ${name} = (...args) => require(${JSON.stringify(path)}).${name}(...args)`)
    .join('\n')

/** Checks truth by itself. */
const whenFailed = (path: string) => `
  const load = () => require(${JSON.stringify(path)})
  module.exports = function assert(value, message) { if (!value) load()(value, message) }
  for (const name of ['ok', 'equal', 'notEqual', 'strictEqual', 'notStrictEqual', 'deepStrictEqual', 'AssertionError'])
    Object.defineProperty(module.exports, name, { get: () => load()[name] })`

/** For code that no call of ours reaches: it says so where one does. */
const leftOut = (path: string) => `throw new Error('The bundle holds no ${path}')`

const formatLeftOut = (name: string) => `export function ${name}() { ${leftOut(name)} }`

/** What stands in for a module at the start, and why the start does without the module itself. */
const STAND_INS: Record<string, string> = {
  // Of servers and connections that we do not have.
  'node:https': whenUsed('node:https'),
  https: whenUsed('https'),
  'node:http2': whenUsed('node:http2'),
  './client-h2.js': whenUsed('./client-h2.js'),
  // For the streams of faults. A name that is missing here fails the build.
  'node:crypto': functionsOf('node:crypto', ['createHash']),
  // Fastify's own compilers, in whose place ours are set, and its calls without a network.
  '@fastify/ajv-compiler': leftOut('@fastify/ajv-compiler'),
  '@fastify/fast-json-stringify-compiler': leftOut('@fastify/fast-json-stringify-compiler'),
  'light-my-request': leftOut('light-my-request'),
  // Formats of texts that no schema of ours asks for: their patterns hold much of Unicode.
  './hostname.mjs': formatLeftOut('IsHostname'),
  './idn_email.mjs': formatLeftOut('IsIdnEmail'),
  './idn_hostname.mjs': formatLeftOut('IsIdnHostname'),
  // Of undici's request bodies that are forms: ours are texts.
  '../web/fetch/formdata': leftOut('../web/fetch/formdata'),
  '../web/webidl': leftOut('../web/webidl'),
  '../web/fetch/body.js': leftOut('../web/fetch/body.js'),
  // For addresses that a trusted proxy names: no proxy is trusted.
  '@fastify/proxy-addr': whenUsed('@fastify/proxy-addr'),
  // Of pino's transports: the log is written by this thread.
  'thread-stream': whenUsed('thread-stream'),
  worker_threads: `exports.isMainThread = true`,
  // Node's own loads what compares and shows values. It is wanted where an assertion has failed.
  'node:assert': whenFailed('node:assert'),
  assert: whenFailed('assert'),
  // Compares the versions of Fastify and its plugins. What is bundled is what the tests have run from the sources.
  semver: `exports.satisfies = () => true`,
  // Looks for slow regular expressions in the routes, which have none, and in three constants of the router.
  'safe-regex2': `module.exports = () => true`,
  // Its index holds its fetch, WebSocket, caches and mocks beside the pool.
  undici: `exports.Pool = require('undici/lib/dispatcher/pool.js')`,
}

/** Leaves out of the start, and where it can out of the file, what no answer needs. */
export const loadLater: Plugin = {
  name: NAMESPACE,
  setup(build) {
    const names = Object.keys(STAND_INS).map((name) => name.replace(/[.]/g, '\\.'))
    const filter = new RegExp(`^(${names.join('|')})$`)
    build.onResolve({ filter: new RegExp(`^${SWAGGER}$`) }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './swagger.cjs', external: true } : undefined,
    )
    build.onResolve({ filter: /^\.\/tracing-sdk\.ts$/ }, () => ({ path: './tracing-sdk.cjs', external: true }))
    build.onResolve({ filter }, async ({ path, namespace, resolveDir, kind, pluginData }) => {
      if (pluginData === NAMESPACE) return undefined
      if (namespace === NAMESPACE) return await build.resolve(path, { resolveDir, kind, pluginData: NAMESPACE })
      return { path, namespace: NAMESPACE, pluginData: resolveDir }
    })
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path, pluginData }) => ({
      contents: STAND_INS[path] ?? '',
      resolveDir: pluginData as string,
    }))
  },
}
