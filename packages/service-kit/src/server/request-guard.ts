import fp from 'fastify-plugin'
import { kitErrors } from '../errors/kit-errors.ts'

/** Refuses what Node's parser lets through and the services do not take: no Host, Expect, encoded bodies. */
export const requestGuard = fp(
  async (app) => {
    app.addHook('onRequest', (request, reply, done) => {
      const { host, expect, 'content-encoding': encoding } = request.headers
      // RFC 9112 §3.2
      if (host === undefined && request.raw.httpVersion !== '1.0') {
        done(kitErrors.BAD_REQUEST({ detail: 'An HTTP/1.1 request needs a Host header' }))
      } else if (hasTwoHosts(request.raw.rawHeaders)) {
        done(kitErrors.BAD_REQUEST({ detail: 'A request has one Host header' }))
      } else if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
        done(kitErrors.EXPECTATION_FAILED({ detail: `This service does not know the expectation` }))
      } else if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
        // RFC 9110 §15.5.16: the answer says which codings would do.
        reply.header('accept-encoding', 'identity')
        done(kitErrors.UNSUPPORTED_ENCODING({ detail: 'Send the body without a Content-Encoding' }))
      } else {
        done()
      }
    })
  },
  { name: 'request-guard', fastify: '5.x', dependencies: ['exchange'] },
)

// Node keeps the first of several and says nothing of the others.
function hasTwoHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1
  }
  return hosts > 1
}
