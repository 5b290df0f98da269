import { existsSync } from 'node:fs'
import { freePort } from '../harness/free-port.ts'
import type { ProcessPlan } from '../harness/serving.ts'
import type { Side } from '../harness/side.ts'
import { NODE_FLAGS } from './node-flags.ts'

const root = new URL('../..', import.meta.url).pathname

/** The bundle as the image ships it; undefined where none was built. */
export function bundleOf(service: 'provider' | 'consumer'): string | undefined {
  const bundle = `${root}dist/${service}/server.js`
  return existsSync(bundle) ? bundle : undefined
}

function entryOf(service: 'provider' | 'consumer'): string {
  return bundleOf(service) ?? sourceOf(service)
}

export function sourceOf(service: 'provider' | 'consumer'): string {
  return `${root}services/${service}/src/server.ts`
}

export function baselineOf(name: 'provider' | 'two-hops'): string {
  return `${root}bench/baselines/${name}.ts`
}

/** The provider as shipped: access log, metrics and overload protection on. */
export const shippedProvider: Side = {
  name: 'provider',
  async plan() {
    const port = await freePort()
    return {
      processes: [serviceProvider(port)],
      url: `http://localhost:${port}`,
      adminUrl: `http://localhost:${port + 1}`,
    }
  },
}

/** Bare node:http with the same answers. */
export const bareProvider: Side = {
  name: 'bare node:http',
  async plan() {
    const port = await freePort()
    return { processes: [plainProvider(port)], url: `http://localhost:${port}` }
  },
}

/** Consumer and provider as shipped. */
export const shippedTwoHops: Side = {
  name: 'consumer and provider',
  async plan() {
    const providerPort = await freePort()
    const port = await freePort()
    return {
      processes: [serviceProvider(providerPort), serviceConsumer(port, providerPort)],
      url: `http://localhost:${port}`,
      adminUrl: `http://localhost:${port + 1}`,
    }
  },
}

/** Bare node:http and an undici Pool before bare node:http. */
export const bareTwoHops: Side = {
  name: 'bare two hops',
  async plan() {
    const providerPort = await freePort()
    const port = await freePort()
    return {
      processes: [plainProvider(providerPort), plainTwoHops(port, providerPort)],
      url: `http://localhost:${port}`,
    }
  },
}

export function serviceProvider(port: number, entry = entryOf('provider')): ProcessPlan {
  return {
    args: [...NODE_FLAGS, entry],
    env: { PROVIDER_PORT: String(port) },
    readyUrl: `http://localhost:${port}/?in=hello`,
  }
}

export function serviceConsumer(port: number, providerPort: number, entry = entryOf('consumer')): ProcessPlan {
  return {
    args: [...NODE_FLAGS, entry],
    env: { CONSUMER_PORT: String(port), PROVIDER_PORT: String(providerPort) },
    readyUrl: `http://localhost:${port}/?in=hello`,
  }
}

export function plainProvider(port: number): ProcessPlan {
  return {
    args: [baselineOf('provider')],
    env: { PROVIDER_PORT: String(port) },
    readyUrl: `http://localhost:${port}/?in=hello`,
  }
}

export function plainTwoHops(port: number, providerPort: number): ProcessPlan {
  return {
    args: [baselineOf('two-hops')],
    env: { CONSUMER_PORT: String(port), PROVIDER_PORT: String(providerPort) },
    readyUrl: `http://localhost:${port}/?in=hello`,
  }
}
