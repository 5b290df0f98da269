import { isIP } from 'node:net'
import fp from 'fastify-plugin'
import { kitErrors } from '../errors/kit-errors.ts'

/**
 * Refuses what a foreign web page can send to a port-forwarded admin port: requests under a foreign host name (DNS
 * rebinding) and requests that the browser marks as another site's. curl and the kubelet use an IP address
 * or localhost, and send no such marks.
 */
export const foreignRequests = fp<{ hosts: readonly string[] }>(
  async (app, { hosts }) => {
    const names = new Set(['localhost', ...hosts.map((name) => name.toLowerCase())])
    app.addHook('onRequest', (request, _reply, done) => {
      const { host = '', origin, 'sec-fetch-site': site } = request.headers
      if (!isOwnHost(host, names)) {
        done(
          kitErrors.FOREIGN_REQUEST({
            detail: `${JSON.stringify(host)} is not a host name of this pod: to allow it, add it to ADMIN_HOSTS`,
          }),
        )
      } else if (site !== undefined && site !== 'same-origin' && site !== 'none') {
        done(
          kitErrors.FOREIGN_REQUEST({ detail: `A page of another site sent this (Sec-Fetch-Site: ${String(site)})` }),
        )
      } else if (origin !== undefined && !isSameOrigin(origin, host)) {
        done(kitErrors.FOREIGN_REQUEST({ detail: `A page of ${JSON.stringify(origin)} sent this` }))
      } else {
        done()
      }
    })
  },
  { name: 'foreign-requests', fastify: '5.x', dependencies: ['exchange'] },
)

function isOwnHost(host: string, names: ReadonlySet<string>): boolean {
  const url = URL.parse(`http://${host}`)
  if (url === null || url.host !== host.toLowerCase().replace(/:80$/, '')) return false
  const name = url.hostname.replace(/^\[|\]$/g, '')
  return isIP(name) !== 0 || names.has(name)
}

function isSameOrigin(origin: string, host: string): boolean {
  return URL.parse(origin)?.host === URL.parse(`http://${host}`)?.host
}
