import { lookup } from 'node:dns/promises'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** A port cannot be opened; the message says what to do. */
export class ListenError extends Error {}

/** Error codes for "not a local address", for instance ::1 without IPv6. */
const UNAVAILABLE = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])

interface ListenOptions {
  host?: string | undefined
  port: number
  /** The variable that sets the port. */
  variable: string
}

/**
 * Listens on every address of `host` (`localhost` has two), or without one on all addresses: IPv6 and IPv4, or IPv4
 * alone without IPv6. Returns the port. Throws a ListenError that names the port, the reason, and what to do.
 */
export async function listen(app: FastifyInstance, { host, port, variable }: ListenOptions): Promise<number> {
  try {
    return host === undefined ? await listenOnAll(app, port) : await listenOn(app, await addressesOf(host), port)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    throw new ListenError(reason(codeOf(error), { host: host ?? 'all addresses', port, variable }), { cause: error })
  }
}

/**
 * Listens on all addresses, as Node does without a host: on IPv6 and IPv4, or on IPv4 alone without IPv6. Passing `::`
 * would make Node look it up, with a regular expression that is slow to compile.
 */
async function listenOnAll(app: FastifyInstance, port: number): Promise<number> {
  // Fastify's default host is `localhost`, so it must be empty.
  await app.listen({ host: '', port })
  return (app.server.address() as AddressInfo).port
}

async function addressesOf(host: string): Promise<string[]> {
  const addresses = await lookup(host, { all: true })
  return [...new Set(addresses.map(({ address }) => address))]
}

/** Listens on the addresses that this machine has; throws if it has none of them. */
async function listenOn(app: FastifyInstance, addresses: string[], port: number): Promise<number> {
  let bound: { port: number } | undefined
  let unavailable: unknown
  for (const host of addresses) {
    try {
      if (bound !== undefined) await app.httpServers.listenAlso(app.server, { host, port: bound.port })
      else await app.listen({ host, port })
      bound = app.server.address() as AddressInfo
    } catch (error) {
      if (!UNAVAILABLE.has(codeOf(error))) throw error
      unavailable = error
    }
  }
  if (bound === undefined) throw unavailable
  return bound.port
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? ''
}

function reason(code: string, { host, port, variable }: { host: string; port: number; variable: string }): string {
  switch (code) {
    case 'EADDRINUSE': {
      const airPlay =
        process.platform === 'darwin' && port === 5000
          ? ' On macOS the AirPlay receiver holds 5000: System Settings, General, AirDrop & Handoff switches it off.'
          : ''
      const orPort = variable === 'ADMIN_PORT' ? ', or give the service another: its admin port is the next' : ''
      return `Port ${port} is taken on ${host}: end the program that holds it, or set ${variable} to another port${orPort}.${airPlay}`
    }
    case 'EACCES':
      return `Port ${port} may not be used without privileges: set ${variable} to a port above 1023.`
    case 'ENOTFOUND':
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine: set HOST to a local address, or unset it.`
    default:
      return `Cannot listen on port ${port} of ${host} (${code}): set ${variable} and HOST to what is free.`
  }
}
