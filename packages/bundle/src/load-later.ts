import type { Plugin } from 'esbuild'

const LAZY_BUILTINS = /^(node:)?(https|http2)$/
const NAMESPACE = 'load-later'

/**
 * Leaves out of the start what no request needs: Fastify and undici load Node's HTTPS and HTTP/2 for servers and
 * connections that we do not have, and undici's index its fetch, WebSocket, caches and mocks beside the pool.
 */
export const loadLater: Plugin = {
  name: NAMESPACE,
  setup(build) {
    build.onResolve({ filter: LAZY_BUILTINS }, ({ path, namespace }) =>
      namespace === NAMESPACE ? { path, external: true } : { path, namespace: NAMESPACE },
    )
    build.onResolve({ filter: /^undici$/ }, ({ path }) => ({ path, namespace: NAMESPACE }))
    build.onLoad({ filter: LAZY_BUILTINS, namespace: NAMESPACE }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get: (_, name) => require(${JSON.stringify(path)})[name] })`,
    }))
    build.onLoad({ filter: /^undici$/, namespace: NAMESPACE }, () => ({
      contents: `exports.Pool = require('undici/lib/dispatcher/pool.js')`,
      resolveDir: import.meta.dirname,
    }))
  },
}
