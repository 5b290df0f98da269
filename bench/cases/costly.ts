// Loaded before a service: each admitted call costs CPU time, as an application's own work would.
import { subscribe } from 'node:diagnostics_channel'

const COST_MS = 2

/** Fastify's diagnostics message about a request that reaches its handler. */
interface Handled {
  route: { url: string }
}

subscribe('tracing:fastify.request.handler:start', (message) => {
  if ((message as Handled).route.url !== '/') return
  const until = performance.now() + COST_MS
  while (performance.now() < until);
})
