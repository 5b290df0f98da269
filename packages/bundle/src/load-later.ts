import type { Plugin } from 'esbuild'

const NAMESPACE = 'load-later'

/** Makes the OpenAPI document. It is a separate file, because it is large and rarely used. */
export const SWAGGER = '@fastify/swagger'

/** Makes and exports spans. It is a separate file, which is read only if a collector is configured. */
export const TRACING_SDK = 'packages/service-kit/src/observe/tracing-sdk.ts'

/** Loads `path` when one of its properties is read, or when it is called. */
const whenUsed = (path: string) => `
  const load = () => require(${JSON.stringify(path)})
  module.exports = new Proxy(function () {}, {
    get: (_, name) => load()[name],
    apply: (_, self, args) => Reflect.apply(load(), self, args),
    construct: (_, args) => Reflect.construct(load(), args),
  })`

/** The same for imports by name: loads `path` when one of the functions is called. */
const functionsOf = (path: string, names: readonly string[]) =>
  names
    .map((name) => `export const ${name} = (...args) => require(${JSON.stringify(path)}).${name}(...args)`)
    .join('\n')

/** Checks the value itself, and loads `path` only for a failure. */
const whenFailed = (path: string) => `
  const load = () => require(${JSON.stringify(path)})
  module.exports = function assert(value, message) { if (!value) load()(value, message) }
  for (const name of ['ok', 'equal', 'notEqual', 'strictEqual', 'notStrictEqual', 'deepStrictEqual', 'AssertionError'])
    Object.defineProperty(module.exports, name, { get: () => load()[name] })`

/** For code that is never called; it throws if it is called after all. */
const leftOut = (path: string) => `throw new Error('The bundle holds no ${path}')`

const formatLeftOut = (name: string) => `export function ${name}() { ${leftOut(name)} }`

/** Replacements of modules that the start does not need, each with the reason. */
const STAND_INS: Record<string, string> = {
  // TLS and HTTP/2, which the services do not use.
  'node:https': whenUsed('node:https'),
  https: whenUsed('https'),
  'node:http2': whenUsed('node:http2'),
  './client-h2.js': whenUsed('./client-h2.js'),
  // Used by the random streams of faults. A function that is missing here fails the build.
  'node:crypto': functionsOf('node:crypto', ['createHash']),
  // Fastify's own compilers, which ours replace, and `inject`, which only tests use.
  '@fastify/ajv-compiler': leftOut('@fastify/ajv-compiler'),
  '@fastify/fast-json-stringify-compiler': leftOut('@fastify/fast-json-stringify-compiler'),
  'light-my-request': leftOut('light-my-request'),
  // String formats that our schemas do not use. Their patterns hold large parts of Unicode.
  './hostname.mjs': formatLeftOut('IsHostname'),
  './idn_email.mjs': formatLeftOut('IsIdnEmail'),
  './idn_hostname.mjs': formatLeftOut('IsIdnHostname'),
  // Form bodies of undici. Ours are text.
  '../web/fetch/formdata': leftOut('../web/fetch/formdata'),
  '../web/webidl': leftOut('../web/webidl'),
  '../web/fetch/body.js': leftOut('../web/fetch/body.js'),
  // Addresses from a trusted proxy. No proxy is trusted.
  '@fastify/proxy-addr': whenUsed('@fastify/proxy-addr'),
  // pino's transports. The log is written by the main thread.
  'thread-stream': whenUsed('thread-stream'),
  worker_threads: `exports.isMainThread = true`,
  // Node's own module also loads comparison and inspection code, which only failed assertions need.
  'node:assert': whenFailed('node:assert'),
  assert: whenFailed('assert'),
  // Compares versions of Fastify and its plugins. The tests have run with the bundled versions.
  semver: `exports.satisfies = () => true`,
  // Looks for slow regular expressions in routes. Our routes have no regular expressions.
  'safe-regex2': `module.exports = () => true`,
  // undici's index also loads fetch, WebSocket, caches and mocks; we need the pool only.
  undici: `exports.Pool = require('undici/lib/dispatcher/pool.js')`,
}

/** An esbuild plugin that replaces modules which no answer needs, so that the start is faster. */
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
