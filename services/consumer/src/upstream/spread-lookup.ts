import { type LookupAddress, lookup } from 'node:dns'
import type { LookupFunction } from 'node:net'

/**
 * Resolves a name as Node does, but starts with another address each time. A resolver that sorts the addresses
 * (RFC 6724) would send all connections to the first pod. The other addresses follow, and the order of the families stays.
 */
export const spreadLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, address, family) => {
    if (error === null && Array.isArray(address)) callback(null, rotated(address, Math.random()))
    else callback(error, address, family)
  })
}

/** Rotates the addresses of each family by a share of their number, from 0 to 1. */
export function rotated(addresses: readonly LookupAddress[], share: number): LookupAddress[] {
  const turns = new Map<number, LookupAddress[]>()
  for (const family of new Set(addresses.map((address) => address.family))) {
    const own = addresses.filter((address) => address.family === family)
    const start = Math.floor(share * own.length)
    turns.set(family, [...own.slice(start), ...own.slice(0, start)])
  }
  return addresses.map((address) => turns.get(address.family)?.shift() ?? address)
}
