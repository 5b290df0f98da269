import { fileURLToPath } from 'node:url'
import { freePort } from '@linkerd-scenario/test-kit/free-port'
import type { ProcessPlan } from '../harness/serving.ts'
import type { Side } from '../harness/side.ts'
import { bundleOf, nodeFlagsOf } from './shipped.ts'

/** A bare server of bench/baselines. */
export function baselineOf(name: 'provider' | 'two-hops'): string {
  return fileURLToPath(new URL(`../baselines/${name}.ts`, import.meta.url))
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

/** Bare node:http with an undici Pool, in front of bare node:http. */
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

export function serviceProvider(port: number, entry = bundleOf('provider')): ProcessPlan {
  return {
    args: [...nodeFlagsOf('provider'), entry],
    env: { PROVIDER_PORT: String(port) },
    readyUrl: `http://localhost:${port}/?in=hello`,
  }
}

export function serviceConsumer(port: number, providerPort: number, entry = bundleOf('consumer')): ProcessPlan {
  return {
    args: [...nodeFlagsOf('consumer'), entry],
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
