import { lookup } from 'node:dns/promises'
import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** A port that cannot be had; the message says what to do. */
export class ListenError extends Error {}

/** The address is none of this machine: so is ::1 where IPv6 is off, whatever the name service says. */
const UNAVAILABLE = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])

interface ListenOptions {
  host?: string | undefined
  port: number
  /** The variable that sets the port. */
  variable: string
}

/**
 * Listens on every address of `host` (`localhost` has two), or without one on all addresses: IPv6 and IPv4, or IPv4
 * alone where there is no IPv6. Returns the port. Throws a ListenError that says which port, why, and what to do.
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
 * On all addresses, as Node does it where it is told none: on IPv4 alone only where there is no IPv6. To name `::` would
 * be to have it looked up and recognised as an address, by a pattern that takes 3 ms to compile: a tenth of a bare start.
 */
async function listenOnAll(app: FastifyInstance, port: number): Promise<number> {
  // Fastify takes `localhost` for an absent host.
  await app.listen({ host: '', port })
  return (app.server.address() as AddressInfo).port
}

async function addressesOf(host: string): Promise<string[]> {
  const addresses = await lookup(host, { all: true })
  return [...new Set(addresses.map(({ address }) => address))]
}

/** Listens on those of the addresses that this machine has; throws where it has none of them. */
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
      return `${host} is no address of this machine: set HOST to one that is, or leave it out.`
    default:
      return `Cannot listen on port ${port} of ${host} (${code}): set ${variable} and HOST to what is free.`
  }
}
