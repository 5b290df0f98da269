// Loaded before a service: each call that it lets in costs so much of the processor, as an application's own work would.
import { subscribe } from 'node:diagnostics_channel'

const COST_MS = 2

/** What Fastify tells of a request that comes to its handler. */
interface Handled {
  route: { url: string }
}

subscribe('tracing:fastify.request.handler:start', (message) => {
  if ((message as Handled).route.url !== '/') return
  const until = performance.now() + COST_MS
  while (performance.now() < until);
})
