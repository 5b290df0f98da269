import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** A port that cannot be had; the message says what to do. */
export class ListenError extends Error {}

const NO_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL'])

/**
 * Listens on `host`, or without one on all addresses: IPv6 and IPv4, or IPv4 alone where there is no IPv6. Returns
 * the port. Throws a ListenError that says which port, why, and what to do.
 */
export async function listen(
  app: FastifyInstance,
  { host, port, variable }: { host?: string | undefined; port: number; variable: string },
): Promise<number> {
  try {
    try {
      await app.listen({ host: host ?? '::', port })
    } catch (error) {
      if (host !== undefined || !NO_IPV6.has(codeOf(error))) throw error
      await app.listen({ host: '0.0.0.0', port })
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    throw new ListenError(reason(codeOf(error), { host: host ?? 'all addresses', port, variable }), { cause: error })
  }
  return (app.server.address() as AddressInfo).port
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
      return `Port ${port} is taken on ${host}: end the program that holds it, or set ${variable} to another port.${airPlay}`
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
